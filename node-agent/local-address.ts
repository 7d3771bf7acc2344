/** Which hosts are on this machine or on the home network, judged by their name or literal address alone. */

/** Private, loopback, link-local and carrier-grade ranges (RFC 1918, 3927, 4193, 4291, 6598). */
const privateLiteral = [
  /^0\./,
  /^10\./,
  /^127\./,
  /^169\.254\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^::1?$/,
  /^::ffff:/,
  /^f[cd][0-9a-f]{2}:/,
  /^fe[89ab][0-9a-f]:/,
]

/** Host names that never leave a home network: single labels and the reserved suffixes (RFC 6761, 6762, 8375). */
const privateName = /^[^.:]+$|\.(localhost|local|lan|internal|home\.arpa)$/

/** True for `localhost`, `192.168.1.2`, `[fd00::1]`, `nas`, `nas.local`. `host` is a URL's `hostname`. */
export function isLocalHost(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
  return privateLiteral.some((pattern) => pattern.test(name)) || (!name.includes(':') && privateName.test(name))
}
