/** A look-up of names in which every name means the same addresses, for tests of what a name may lead to. */
import type { lookup } from 'node:dns'
import { isIP } from 'node:net'

/** `asked` gets each name that was looked up; a literal address means itself. */
export const namesMean = (addresses: readonly string[], asked: string[] = []): typeof lookup =>
  ((name: string, options: { all?: boolean }, done: (error: null, found: unknown, family?: number) => void) => {
    const isLiteral = isIP(name) !== 0
    if (!isLiteral) asked.push(name)
    const found = (isLiteral ? [name] : addresses).map((address) => ({ address, family: 4 }))
    if (options.all) done(null, found)
    else done(null, found[0]?.address, 4)
  }) as unknown as typeof lookup
