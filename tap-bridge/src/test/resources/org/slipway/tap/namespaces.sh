# Usage: namespaces.sh RANGE COMMAND...
# Runs COMMAND in this namespace, with RANGE as the groups that may have ping sockets (default: nobody), at the end of a
# chain of real routers, each in a namespace of its own:
#   this host 10.9.0.1 -- 10.9.0.2 near 10.9.1.1 -- 10.9.1.2 middle 10.9.2.1 -- 10.9.2.2 far
#   this host fd09::1  -- fd09::2  near fd09:1::1 -- fd09:1::2 middle fd09:2::1 -- fd09:2::2 far
# and behind the near router:
#   198.51.100.0/24  2001:db8:51::/48   it has no way there
#   198.51.200.0/24  2001:db8:52::/48   it must not go there; nor anywhere with a type of service of 8
#   203.0.113.0/24   2001:db8:113::/48  a way there, by the router and back
#   198.18.0.0/24    2001:db8:18::/48   a way there for packets of at most 1000, or 1300 bytes
# and of this host's own routes:
#   192.0.2.0/24     2001:db8:2::/48    no way there
#   192.0.3.0/24     2001:db8:3::/48    it must not go there
#   192.0.4.0/24     2001:db8:4::/48    as if it had no route at all
# 9.9.9.9 and 2001:db8:9::9 are other addresses of the far end.
# All of it is gone after SECONDS_TO_LIVE, a minute unless the environment says otherwise.
set -e
range=$1
shift
unshare -n sleep "${SECONDS_TO_LIVE:-60}" &
near=$!
unshare -n sleep "${SECONDS_TO_LIVE:-60}" &
middle=$!
unshare -n sleep "${SECONDS_TO_LIVE:-60}" &
far=$!
trap 'kill $near $middle $far; wait' EXIT
for router in $near $middle $far; do
  while [ "$(readlink /proc/$router/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
done
if [ "$range" != default ]; then sysctl -qw net.ipv4.ping_group_range="$range"; fi
within() {
  where=$1
  shift
  nsenter -t $where -n "$@"
}
for router in $near $middle $far; do
  within $router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0 \
    net.ipv6.icmp.ratelimit=0 net.ipv6.conf.default.accept_dad=0
  within $router ip link set lo up
done
sysctl -qw net.ipv6.conf.default.accept_dad=0
ip link set lo up
ip link add v0 type veth peer name v1 netns $near
within $near ip link add w0 type veth peer name w1 netns $middle
within $middle ip link add x0 type veth peer name x1 netns $far
up() { # COMMAND-PREFIX DEVICE IPV4 IPV6
  $1 ip address add $3 dev $2
  $1 ip address add $4 dev $2
  $1 ip link set $2 up
}
up "" v0 10.9.0.1/24 fd09::1/64
up "within $near" v1 10.9.0.2/24 fd09::2/64
up "within $near" w0 10.9.1.1/24 fd09:1::1/64
up "within $middle" w1 10.9.1.2/24 fd09:1::2/64
up "within $middle" x0 10.9.2.1/24 fd09:2::1/64
up "within $far" x1 10.9.2.2/24 fd09:2::2/64
within $far ip address add 9.9.9.9/32 dev lo
within $far ip address add 2001:db8:9::9/128 dev lo
ip route add default via 10.9.0.2
ip -6 route add default via fd09::2
ip route add unreachable 192.0.2.0/24
ip -6 route add unreachable 2001:db8:2::/48
ip route add prohibit 192.0.3.0/24
ip -6 route add prohibit 2001:db8:3::/48
ip route add throw 192.0.4.0/24
ip -6 route add throw 2001:db8:4::/48
within $near ip route add unreachable 198.51.100.0/24
within $near ip -6 route add unreachable 2001:db8:51::/48
within $near ip route add prohibit 198.51.200.0/24
within $near ip -6 route add prohibit 2001:db8:52::/48
within $near ip rule add iif v1 tos 8 prohibit
within $near ip -6 rule add iif v1 tos 8 prohibit
within $near ip route add 203.0.113.0/24 via 10.9.0.1
within $near ip -6 route add 2001:db8:113::/48 via fd09::1
within $near ip route add 198.18.0.0/24 via 10.9.0.1 mtu lock 1000
within $near ip -6 route add 2001:db8:18::/48 via fd09::1 mtu lock 1300
within $near ip route add default via 10.9.1.2
within $near ip -6 route add default via fd09:1::2
within $middle ip route add default via 10.9.2.2
within $middle ip -6 route add default via fd09:2::2
within $middle ip route add 10.9.0.0/24 via 10.9.1.1
within $middle ip -6 route add fd09::/64 via fd09:1::1
within $far ip route add default via 10.9.2.1
within $far ip -6 route add default via fd09:2::1
# A cable carries nothing before the kernel has noticed that it is plugged in.
unplugged() { $1 ip -o link show | grep -v ': lo:' | grep -qv ' state UP '; }
tries=0
for where in "" "within $near" "within $middle" "within $far"; do
  while [ $tries -lt 100 ] && unplugged "$where"; do
    tries=$((tries + 1))
    sleep 0.05
  done
done
"$@"
