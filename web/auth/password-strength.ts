/** How soon a guesser would find a password, by zxcvbn; a chunk of its own, since its word lists are large. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

const guesser = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

/** 0 (at once) to 4 (not in this life). Only the first hundred characters are looked at, which keeps it quick. */
export const strengthOf = (password: string, about: readonly string[]): 0 | 1 | 2 | 3 | 4 =>
  guesser.check(
    password.slice(0, 100),
    about.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)]).filter(Boolean),
  ).score
