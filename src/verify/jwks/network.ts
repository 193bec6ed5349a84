/**
 * Which network an address belongs to. What an issuer publishes about itself must not lead into this machine or a private
 * network (RFC 8725 s3.10), whatever the spelling: a URL's host has one spelling for each address, because the URL parser
 * has read it.
 */

/**
 * - `machine`: this machine
 * - `private`: a network that is not routed publicly, such as a VPC
 * - `link`: the link alone, on which clouds tell a machine its secrets (169.254.169.254)
 * - `reserved`: no address of a server: multicast, documentation, benchmarks, tunnels, and what is not assigned
 * - `public`: everything else
 */
export type Network = 'machine' | 'private' | 'link' | 'reserved' | 'public'

type Range = readonly [network: Network, first: string, bits: number]

// RFC 6890 and the IANA registries of special-purpose addresses
const IPV4: readonly Range[] = [
  ['machine', '0.0.0.0', 8],
  ['machine', '127.0.0.0', 8],
  ['private', '10.0.0.0', 8],
  ['private', '100.64.0.0', 10],
  ['private', '172.16.0.0', 12],
  ['private', '192.168.0.0', 16],
  ['link', '169.254.0.0', 16],
  ['reserved', '192.0.0.0', 24],
  ['reserved', '192.0.2.0', 24],
  // RFC 7526
  ['reserved', '192.88.99.0', 24],
  ['reserved', '198.18.0.0', 15],
  ['reserved', '198.51.100.0', 24],
  ['reserved', '203.0.113.0', 24],
  // multicast, reserved, broadcast
  ['reserved', '224.0.0.0', 3],
]
/** What is not global unicast (2000::/3) is no address of the internet, and some of what is, neither. */
const IPV6: readonly Range[] = [
  ['machine', '::', 127],
  ['private', 'fc00::', 7],
  ['private', 'fec0::', 10],
  ['private', '64:ff9b:1::', 48],
  ['link', 'fe80::', 10],
  ['reserved', '2001::', 23],
  ['reserved', '2001:db8::', 32],
  ['reserved', '3fff::', 20],
  ['public', '2000::', 3],
]
/** IPv6 addresses that stand for IPv4 ones: mapped, compatible, translated (RFC 2765, RFC 6052), 6to4; and how far that is from the end. */
const EMBEDDED: readonly [first: string, bits: number, shift: bigint][] = [
  ['::ffff:0:0', 96, 0n],
  ['::', 96, 0n],
  ['::ffff:0:0:0', 96, 0n],
  ['64:ff9b::', 96, 0n],
  ['2002::', 16, 80n],
]

/**
 * The network of a host.
 * @param host - of a URL, or an address that a name was resolved to
 * @returns `undefined` for a name that has to be resolved
 */
export function networkOf(host: string): Network | undefined {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return 'machine'
  if (isIpv4(name)) return networkOfIpv4(toNumber(name))
  if (!name.includes(':')) return undefined
  const groups = toGroups(name)
  // one with a zone, which only link-local addresses have
  return groups === undefined ? 'link' : networkOfIpv6(groups)
}

function networkOfIpv4(address: bigint): Network {
  const found = IPV4.find(([, first, bits]) => isWithin(address, toNumber(first), bits, 32))
  return found?.[0] ?? 'public'
}

function networkOfIpv6(address: bigint): Network {
  const [machine, ...others] = IPV6 as readonly [Range, ...Range[]]
  const isIn = ([, first, bits]: Range): boolean => isWithin(address, toGroups(first), bits, 128)
  // :: and ::1, which are no IPv4 addresses though they are written like one
  if (isIn(machine)) return 'machine'
  for (const [first, bits, shift] of EMBEDDED) {
    if (!isWithin(address, toGroups(first), bits, 128)) continue
    return networkOfIpv4((address >> shift) & 0xffff_ffffn)
  }
  return others.find(isIn)?.[0] ?? 'reserved'
}

function isWithin(address: bigint, first: bigint | undefined, bits: number, size: number): boolean {
  const rest = BigInt(size - bits)
  return first !== undefined && address >> rest === first >> rest
}

function isIpv4(name: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)
}

function toNumber(ipv4: string): bigint {
  return ipv4.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

/** An IPv6 address as a number; `undefined` for what is none. */
function toGroups(ipv6: string): bigint | undefined {
  const url = `http://[${ipv6.replace(/^\[|\]$/g, '')}]`
  if (!URL.canParse(url)) return undefined
  // the parser writes an IPv4 tail as two groups
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array(8 - left.length - right.length).fill('0')
  return [...left, ...zeros, ...right].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  )
}
