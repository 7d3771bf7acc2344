/** Starts the app, or says why it cannot start at this address. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { takeFragment } from './auth/arrival.ts'
import { session } from './auth/current-session.ts'
import { InsecurePage } from './auth/insecure-page.tsx'
import { queryClient } from './query-client.ts'
import { reloadAfterUpdate } from './reload-after-update.ts'
import { router } from './router.tsx'
import { readLook, showLook } from './ui/look.ts'

showLook(readLook(localStorage))
reloadAfterUpdate()

// Before the router looks at the address: what somebody brings back from a way in elsewhere.
const arrival = takeFragment()
if (arrival?.kind === 'signed-in') session.arriveAs(arrival.sessionId)

// Whoever is signed out, here or in another tab, sees nothing of the last person's and is asked to sign in; whoever
// may do only one thing is taken there.
let restriction: string | null = null
session.subscribe(() => {
  const state = session.getState()
  if (state.status === 'signed-out') queryClient.clear()
  const next = state.status === 'signed-in' ? state.restriction : null
  if (state.status === 'signed-out' || (next !== null && next !== restriction)) void router.invalidate()
  restriction = next
})

const app = document.getElementById('app')
if (app)
  createRoot(app).render(
    <StrictMode>
      {isSecureContext ? (
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      ) : (
        <InsecurePage />
      )}
    </StrictMode>,
  )
