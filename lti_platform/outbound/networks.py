"""Which addresses are public. Tables of our own: the standard library's differ between its releases."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IPAddress = IPv4Address | IPv6Address

# IANA special-purpose registry, and the one public address that is a cloud's metadata service (Azure).
NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier NAT; holds 100.100.100.200 (Alibaba metadata)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure metadata
        "169.254.0.0/16",  # link-local; holds 169.254.169.254 (metadata)
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; holds 192.0.0.192 (Oracle metadata)
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

# Of IPv6 only 2000::/3 is handed out. That alone shuts out loopback, IPv4-mapped and -compatible,
# unspecified, NAT64 (64:ff9b::/96 and 64:ff9b:1::/48), unique-local, link-local, site-local and multicast.
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)

# What a listed host may use besides: the machine itself and the networks of a site.
LOCAL_4 = tuple(
    IPv4Network(network) for network in ("10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
LOCAL_6 = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
METADATA_6 = IPv6Address("fd00:ec2::254")


def is_public(address: IPAddress) -> bool:
    """Whether the address is one that strangers on the internet can reach."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_4)
    return address in PUBLIC_6 and not any(address in network for network in NOT_PUBLIC_6)


def is_local(address: IPAddress) -> bool:
    """Whether the address is this machine or a private network; metadata services are neither."""
    if isinstance(address, IPv4Address):
        return any(address in network for network in LOCAL_4)
    return address != METADATA_6 and any(address in network for network in LOCAL_6)
