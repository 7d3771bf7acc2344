/** How the app asks the edge again: what passes by itself is retried, what a person must solve is not. */
import { QueryClient } from '@tanstack/react-query'
import { failureCode, isPassing } from './failure.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (tries, error) => tries < 2 && isPassing(failureCode(error)),
      retryDelay: (tries) => 600 * 2 ** tries,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})
