/** The line beneath a title's name: what is known of its year, its length, and more. */
import type { TitleCard } from '../api.ts'
import { runtime } from '../ui/time-format.ts'

/** `2010 · 15 min`; what is not known is left out. */
export const titleLine = ({ year, runtimeMinutes }: Pick<TitleCard, 'year' | 'runtimeMinutes'>, ...more: string[]) =>
  [year, runtimeMinutes === null ? '' : runtime(runtimeMinutes), ...more].filter(Boolean).join(' · ')
