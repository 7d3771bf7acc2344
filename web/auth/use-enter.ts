/** Going on into the app once somebody is signed in: to where they wanted to go, or to what has to be done first. */
import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { session } from './current-session.ts'

/** `next` is a path of ours, checked by the router. What the last person read is forgotten. */
export function useEnter(next = '/'): () => void {
  const router = useRouter()
  const queryClient = useQueryClient()
  return () => {
    if (session.getState().status !== 'signed-in') return
    // Reset, not removed: what is on the screen now is asked again, and not left standing.
    void queryClient.resetQueries({
      predicate: ({ queryKey }) => queryKey[0] !== 'setup' && queryKey[0] !== 'providers',
    })
    router.history.push(next)
  }
}
