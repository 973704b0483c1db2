# Usage: two-namespaces.sh RANGE COMMAND...
# Runs COMMAND in this namespace, with RANGE as the groups that may have ping sockets (default: nobody) and a router
# next door:
#   10.9.0.2         the router
#   198.51.100.0/24  the router has no way there
#   203.0.113.0/24   a way there, by the router and back
#   198.18.0.0/24    a way there for packets of at most 1000 bytes
#   192.0.2.0/24     this host has no way there
#   192.0.3.0/24     this host must not go there
set -e
range=$1
shift
unshare -n sleep 60 &
router=$!
trap 'kill $router; wait' EXIT
while [ "$(readlink /proc/$router/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
if [ "$range" != default ]; then sysctl -qw net.ipv4.ping_group_range="$range"; fi
ip link set lo up
ip link add v0 type veth peer name v1 netns $router
ip address add 10.9.0.1/24 dev v0
ip link set v0 up
ip route add default via 10.9.0.2
ip route add unreachable 192.0.2.0/24
ip route add prohibit 192.0.3.0/24
nsenter -t $router -n sh -e -c '
  ip link set lo up
  ip address add 10.9.0.2/24 dev v1
  ip link set v1 up
  sysctl -qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0
  ip route add unreachable 198.51.100.0/24
  ip route add 203.0.113.0/24 via 10.9.0.1
  ip route add 198.18.0.0/24 via 10.9.0.1 mtu lock 1000'
"$@"
