/** What a task does, how often it runs, when it does next, and how a run went, in words. */
import type { TaskCard } from '../api.ts'
import { plural } from '../ui/time-format.ts'

/** By the names in worker/tasks/tasks.ts and node-agent/agent-tasks.ts; a newer box may know others. */
const doings: Readonly<Record<string, string>> = {
  'seed open-films': 'Puts the open films that come with Porchlight into the catalog.',
  'erase people': 'Erases accounts whose seven days are over.',
  'seal again': 'Seals secrets anew after the key has been changed.',
  'sync trakt': 'Keeps what was watched, rated and listed alike here and on Trakt.',
  'refresh trakt lists': 'Reads the public lists of Trakt.',
  'refresh lists': 'Reads from TMDB what is popular, in cinemas and coming soon.',
  'complete seasons': 'Fetches the episodes of shows that somebody watches or means to watch.',
  'sync changed films': 'Reads films anew that TMDB says have changed.',
  'sync changed shows': 'Reads shows anew that TMDB says have changed.',
  'hash posters': 'Makes the blur that stands for a poster until it is there.',
  'withdraw names': 'Takes the names of boxes that are gone out of your zone.',
  'clean up': 'Deletes what has run out: old sign-ins, links, codes and records of runs.',
  measure: 'Tells the edge how this box is doing.',
  'tell offers': 'Tells the edge which films the lists of this box hold.',
  'tell own films': 'Tells the edge which films are in your own folders.',
  reach: 'Looks after the addresses and the certificate of this box.',
  'search ahead': 'Looks for copies of what people mean to watch.',
  'count seeders': 'Asks how many share each copy that is known.',
  'read torrents': 'Looks into new copies before anybody presses Play.',
  'tidy up': 'Lets go of what the box no longer needs to know.',
}

/** As those write themselves that a task is named after; the names of tasks are all lower case. */
const brands: Readonly<Record<string, string>> = {
  trakt: 'Trakt',
  tmdb: 'TMDB',
  opensubtitles: 'OpenSubtitles',
  yts: 'YTS',
  therarbg: 'TheRARBG',
  'internet archive': 'Internet Archive',
}
const branded = new RegExp(`\\b(?:${Object.keys(brands).join('|')})\\b`, 'g')

/** What a task is called, in the middle of a sentence. */
export const taskName = (name: string): string => name.replace(branded, (word) => brands[word] ?? word)

export const doingOf = (name: string): string | undefined => doings[name]

export function every(seconds: number): string {
  if (seconds < 60) return `every ${seconds} seconds`
  if (seconds < 90) return 'every minute'
  if (seconds < 3600) return `every ${plural(Math.round(seconds / 60), 'minute')}`
  const hours = Math.round(seconds / 3600)
  if (hours === 1) return 'every hour'
  return hours === 24 ? 'once a day' : `every ${hours} hours`
}

export function until(seconds: number): string {
  if (seconds < 60) return 'in a moment'
  return seconds < 5400 ? `in ${plural(Math.round(seconds / 60), 'minute')}` : `in ${Math.round(seconds / 3600)} hours`
}

type Run = Pick<NonNullable<TaskCard['lastRun']>, 'result' | 'durationMs'>

export function took({ result, durationMs }: Run): string {
  if (result === 'lost' || durationMs === null) return 'was cut short'
  const time = durationMs < 1000 ? 'less than a second' : plural(Math.round(durationMs / 1000), 'second')
  return result === 'done' ? `done in ${time}` : `failed after ${time}`
}
