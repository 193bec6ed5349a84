/**
 * Classifies addresses by network. An issuer's metadata must not lead to this machine or a private network (RFC 8725 s3.10). The
 * URL parser has normalized the host, so each address has only one form.
 */

/**
 * - `machine`: this machine
 * - `private`: a network that is not routed publicly, such as a VPC
 * - `link`: link-local, including the metadata services of clouds (169.254.169.254), which return secrets
 * - `reserved`: no server address: multicast, documentation, benchmarks, tunnels, and unassigned ranges
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
/** Only global unicast addresses (2000::/3) are public, with some exceptions. */
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
/**
 * IPv6 ranges with an embedded IPv4 address: mapped, compatible, translated (RFC 2765, RFC 6052), 6to4. `shift` is its distance
 * from the end, in bits.
 */
const EMBEDDED: readonly [first: string, bits: number, shift: bigint][] = [
  ['::ffff:0:0', 96, 0n],
  ['::', 96, 0n],
  ['::ffff:0:0:0', 96, 0n],
  ['64:ff9b::', 96, 0n],
  ['2002::', 16, 80n],
]

/**
 * The network of a host.
 * @param host - the host of a URL, or a resolved address
 * @returns `undefined` for a name that must be resolved first
 */
export function networkOf(host: string): Network | undefined {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return 'machine'
  if (isIpv4(name)) return networkOfIpv4(toNumber(name))
  if (!name.includes(':')) return undefined
  const groups = toGroups(name)
  // only link-local addresses have a zone, which the URL parser rejects
  return groups === undefined ? 'link' : networkOfIpv6(groups)
}

function networkOfIpv4(address: bigint): Network {
  const found = IPV4.find(([, first, bits]) => isWithin(address, toNumber(first), bits, 32))
  return found?.[0] ?? 'public'
}

function networkOfIpv6(address: bigint): Network {
  const [machine, ...others] = IPV6 as readonly [Range, ...Range[]]
  const isIn = ([, first, bits]: Range): boolean => isWithin(address, toGroups(first), bits, 128)
  // :: and ::1 are not IPv4 addresses, although they are in the range of compatible ones
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

/** An IPv6 address as a number; `undefined` for any other text. */
function toGroups(ipv6: string): bigint | undefined {
  const url = `http://[${ipv6.replace(/^\[|\]$/g, '')}]`
  if (!URL.canParse(url)) return undefined
  // the URL parser turns an IPv4 tail into two groups
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array(8 - left.length - right.length).fill('0')
  return [...left, ...zeros, ...right].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  )
}
