/** The one session of this tab, in the real browser, and the hook that shows it. */
import { useSyncExternalStore } from 'react'
import { Session, type SessionState } from './session.ts'

export const session = new Session({
  fetch: (input, init) => fetch(input, init),
  storage: localStorage,
  locks: navigator.locks,
  channel: new BroadcastChannel('porchlight.session'),
  now: Date.now,
})

/** Who is signed in, kept current. */
export const useSession = (): SessionState => useSyncExternalStore(session.subscribe, session.getState)
