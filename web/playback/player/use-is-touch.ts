/** Whether this is a screen for thumbs: a coarse pointer, or simply narrow. */
import { useSyncExternalStore } from 'react'

const query = matchMedia('(pointer: coarse), (max-width: 40rem)')

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

export const useIsTouch = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
