/** What the edge wrote into the fragment of the address for somebody who comes back from a way in elsewhere. */

export type Arrival =
  | { kind: 'signed-in'; sessionId: string }
  | { kind: 'second-factor' }
  | { kind: 'linked'; way: string }
  | { kind: 'stepped-up' }
  | { kind: 'refused'; code: string; way: string }

/** Pure. Undefined for any other fragment, such as the secret of a link in a letter. */
export function readArrival(hash: string): Arrival | undefined {
  if (hash === '#second-factor') return { kind: 'second-factor' }
  if (hash === '#stepped-up') return { kind: 'stepped-up' }
  const signedIn = /^#signed-in=([\w-]{22})$/.exec(hash)
  if (signedIn?.[1]) return { kind: 'signed-in', sessionId: signedIn[1] }
  const linked = /^#linked=([a-z0-9-]{1,40})$/.exec(hash)
  if (linked?.[1]) return { kind: 'linked', way: linked[1] }
  const refused = /^#error=([a-z_]{1,40})&way=([a-z0-9-]{1,40})$/.exec(hash)
  if (refused?.[1] && refused[2]) return { kind: 'refused', code: refused[1], way: refused[2] }
  return undefined
}

let arrival: Arrival | undefined

/** Before the router starts: reads the fragment and takes it out of the address bar. */
export function takeFragment(): Arrival | undefined {
  arrival = readArrival(location.hash)
  if (arrival) {
    const path = location.pathname + location.search
    // The door waits on its own page; where the person wanted to go comes after it.
    const toDoor = arrival.kind === 'second-factor' && location.pathname !== '/sign-in'
    history.replaceState(history.state, '', toDoor ? `/sign-in?next=${encodeURIComponent(path)}` : path)
  }
  return arrival
}

/** How this page was arrived at, kept until the page that tells it has been left. */
export const currentArrival = (): Arrival | undefined => arrival

export function forgetArrival(): void {
  arrival = undefined
}
