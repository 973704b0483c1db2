package org.slipway.cli;

/** What several commands' {@code --help} say alike: 80 columns, ASCII, {@code %} doubled as picocli wants it. */
final class HelpTexts {

    static final String PORTS = """
            A PORT is written as QEMU's -netdev: a type, then options, with commas between;
            a comma within a value is written twice. id= is accepted and ignored.

            user[,OPTION...]
              The gateway: DHCP, router advertisements, DNS, and the way out through the
              host's own sockets. One at most.
              net=ADDR[/MASK]       the guests' network [10.0.2.0/24]; MASK as 24 or as
                                    255.255.255.0
              host=ADDR             the gateway, which is also the host's loopback [.2]
              dns=ADDR              the resolver that guests are told of [.3]
              dhcpstart=ADDR        the first of up to 16 addresses for guests [.15]
              ipv4=on|off, ipv6=on|off
                                    families that guests have [both]; one that is on by
                                    name, alone, is alone
              ipv6-net=ADDR[/LEN]   the guests' IPv6 network [fd00::/64]; guests make
                                    addresses of their own if LEN is 64
              ipv6-host=ADDR        the gateway, which is also the host's ::1 [::2]
              ipv6-dns=ADDR         the resolver that guests are told of [::3]
              mtu=BYTES             largest packet towards guests, 576 to 65521 [1500];
                                    1280 at least with IPv6
              restrict=on|off       guests reach each other, the gateway's services and
                                    forwards, and nothing else [off]
              host-loopback=on|off  the gateway's addresses lead to the host's loopback
                                    [on]
              multicast=on|off      guests' datagrams to groups beyond the link go out
                                    [off]
              udp-filtering=KIND    who may send to a port that a guest has sent from:
                                    endpoint-independent: anybody; address-dependent:
                                    whom it has sent to; address-and-port-dependent: from
                                    the same port, too [endpoint-independent]
              outbound-addr=ADDR, outbound-addr6=ADDR
                                    the host's address that guests' connections,
                                    datagrams and pings come from, or the name of an
                                    interface that has one [as the host routes]
              dhcp=on|off           lease addresses, by DHCP and DHCPv6 [on]
              lease=MAC=ADDR[=NAME] keep ADDR, of either family, for the guest MAC, which
                                    is told to call itself NAME; may be repeated
              lease-time=SECONDS    how long leases last, 60 at least [86400]
              ntp=ADDR              a time server that DHCP tells; may be repeated
              route=NET/LENGTH[=ROUTER]
                                    a route of IPv4 that DHCP tells, by the gateway
                                    unless ROUTER is given; may be repeated
              dhcp-option=CODE=KIND:VALUE, dhcpv6-option=CODE=KIND:VALUE
                                    any other option. KIND is hex, text, ip, name, u8,
                                    u16 or u32; given again for a CODE, VALUE is added
              dns-proxy=on|off      resolve names for guests, and tell them so [on]
              host-record=NAME=ADDR guests find NAME at ADDR; may be repeated
              dns-block=NAME        NAME and all below it do not exist
              dns-host=ADDR[:PORT]  ask this resolver instead of those in
                                    /etc/resolv.conf; may be repeated
              hostname=NAME         what DHCP tells guests to call themselves
              domainname=DOMAIN     the domain that DHCP tells guests they are in
              dnssearch=DOMAIN      where guests complete names: told by DHCP, DHCPv6 and
                                    router advertisements; may be repeated
              tftp=DIR              hand out the files of this directory over TFTP
              bootfile=FILE         what DHCP tells guests to boot: a file of DIR, or
                                    a URL
              tftp-server-name=NAME
                                    the TFTP server's name that DHCP tells (option 66)
              hostfwd=[tcp|udp]:[HOST]:PORT-[GUEST]:PORT
                                    forward a port of the host to a guest; may be
                                    repeated. HOST is 127.0.0.1 unless given (0.0.0.0
                                    or *: all addresses; IPv6 in brackets), PORT 0: the
                                    system picks. GUEST is the first guest's IPv4
                                    address unless given; IPv6 in brackets. The two
                                    may be of different families. PORTs may be
                                    ranges of the same length: 8000-8009.
              hostfwd=unix:/PATH-[GUEST]:PORT
                                    the same from a unix socket
              guestfwd=[tcp]:[SERVER]:PORT-TARGET
                                    lead guests' connections to SERVER, an address of
                                    their network [.4], to the host; may be repeated.
                                    TARGET is tcp:HOST:PORT, unix:PATH, or cmd:COMMAND:
                                    a process for each connection, which is its
                                    standard input and output
              smb=DIR               share DIR with guests, who may write to it, as
                                    \\\\SERVER\\qemu, by Samba's smbd
              smbserver=SERVER      where they find it [.4 in both families]

            socket,listen=[HOST]:PORT
              Wait on TCP for guests, any number. HOST is 127.0.0.1 unless given; PORT 0:
              the system picks.
            socket,connect=HOST:PORT
              Connect to a guest that waits (QEMU: socket,listen=).

            stream,server=on,addr.type=unix,addr.path=PATH
              Wait on a unix socket for guests, any number.
            stream,server=on,addr.type=inet,addr.host=HOST,addr.port=PORT
              The same on TCP, IPv4 or IPv6; addr.ipv4=off and addr.ipv6=off choose.
            stream,addr.type=...[,reconnect-ms=N]
              Connect to a guest that waits; and again N ms after the connection ended
              [0: never].
            """;

    static final String EXIT_CODES = """
            Exit status:
              0    stopped as asked, by SIGINT (Ctrl-C), SIGTERM or SIGHUP
              1    something failed: an address in use, a recording cut short, ...
              2    the command line is wrong
              130  a second signal forced the end
            Started by a script with '&' it ignores SIGINT, as shells ask for; use SIGTERM.
            """;

    static final String QEMU_EXIT_CODES = """
            Exit status: that of the guest's command (128 + N if signal N ended it), or
              1    the network failed
              2    the command line is wrong
              126  the command cannot be executed
              127  the command was not found
              130  a second signal forced the end
            """;

    private HelpTexts() {}
}
