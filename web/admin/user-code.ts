/** Pure: what a person types as a pairing code, made into the form the edge knows. */
import { UserCode } from '#protocol/pairing.ts'

/** Upper case, grouped, at most eight letters and digits: for the field while it is typed. */
export function shapeCode(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .slice(0, 8)
  return plain.length > 4 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain
}

/** The code when it is complete and could be one of ours; a box never shows 0, O, 1, I or L. */
export function readCode(typed: string): UserCode | undefined {
  const parsed = UserCode.safeParse(shapeCode(typed))
  return parsed.success ? parsed.data : undefined
}
