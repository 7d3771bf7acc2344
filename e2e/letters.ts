/** The letters of a local edge, which prints them into its own log instead of sending them. */
import { readFileSync } from 'node:fs'
import type { TestHome } from './home-for-tests.ts'

/** The newest link to that page in a letter to that address; undefined while there is none. */
export function linkInLetter(home: TestHome, to: string, page: 'reset-password' | 'verify-email'): string | undefined {
  const letters = readFileSync(home.edge.logFile, 'utf8').split('A letter to ')
  const links = letters
    .filter((letter) => letter.startsWith(`${to}:`))
    .flatMap((letter) => letter.split(/\s/).filter((word) => word.startsWith(`${home.origin}/${page}#`)))
  return links.at(-1)
}
