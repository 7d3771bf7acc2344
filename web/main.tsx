/** Starts the app, or says why it cannot start at this address. */
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { session } from './auth/current-session.ts'
import { InsecurePage } from './auth/insecure-page.tsx'
import { queryClient } from './query-client.ts'
import { reloadAfterUpdate } from './reload-after-update.ts'
import { router } from './router.tsx'
import { readLook, showLook } from './ui/look.ts'

showLook(readLook(localStorage))
reloadAfterUpdate()

// Whoever is signed out, here or in another tab, sees nothing of the last person's and is asked to sign in.
session.subscribe(() => {
  if (session.getState().status !== 'signed-out') return
  queryClient.clear()
  void router.invalidate()
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
