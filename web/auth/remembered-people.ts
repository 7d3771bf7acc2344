/** The people who have signed in in this browser: session ids and names, which are public; never a credential. */

export type RememberedPerson = { sessionId: string; displayName: string }
export type Remembered = { people: RememberedPerson[]; current?: string }

const KEY = 'porchlight.people'
const MOST = 20
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>

/** Who is remembered; nobody when the entry is missing or was tampered with. */
export function readRemembered(storage: Storage): Remembered {
  try {
    const { people, current } = JSON.parse(storage.getItem(KEY) ?? '') as { people?: unknown; current?: unknown }
    const known = Array.isArray(people) ? people.filter(isPerson).slice(0, MOST) : []
    const isKnown = known.some(({ sessionId }) => sessionId === current)
    return { people: known, ...(isKnown && { current: current as string }) }
  } catch {
    return { people: [] }
  }
}

/** The form of the edge's session ids; anything else would end up in a path. */
const isPerson = (entry: unknown): entry is RememberedPerson =>
  typeof entry === 'object' &&
  entry !== null &&
  'sessionId' in entry &&
  'displayName' in entry &&
  typeof entry.displayName === 'string' &&
  typeof entry.sessionId === 'string' &&
  /^[\w-]{1,64}$/.test(entry.sessionId)

/** Remembers a person as the one who is signed in now, newest first. */
export function remember(storage: Storage, person: RememberedPerson): void {
  const others = readRemembered(storage).people.filter(({ sessionId }) => sessionId !== person.sessionId)
  write(storage, { people: [person, ...others].slice(0, MOST), current: person.sessionId })
}

/** Forgets one session; if it was the current one, nobody is current. */
export function forget(storage: Storage, sessionId: string): void {
  const { people, current } = readRemembered(storage)
  const left = people.filter((person) => person.sessionId !== sessionId)
  write(storage, { people: left, ...(current !== undefined && current !== sessionId && { current }) })
}

function write(storage: Storage, remembered: Remembered): void {
  try {
    storage.setItem(KEY, JSON.stringify(remembered))
  } catch {
    // Storage may be full or forbidden (private windows): the person then signs in again next time.
  }
}
