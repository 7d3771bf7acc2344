/** What stands on the screen while the app finds out who is here, and when it cannot. */
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { wordsFor } from './error-words.ts'
import { failureCode, isPassing } from './failure.ts'
import { ErrorView } from './ui/error-view.tsx'
import { Lamp } from './ui/lamp.tsx'

export function OpeningDoor() {
  return (
    <div role="status" aria-label="Opening the door" className="porch-glow grid min-h-dvh place-items-center">
      <Lamp isLit className="size-16 animate-breathe" />
    </div>
  )
}

/** Asks again by itself every few seconds while the failure is one that passes. */
export function StartFailed({ error }: { error: unknown }) {
  const router = useRouter()
  const [isRetrying, setIsRetrying] = useState(false)
  const isQuiet = isPassing(failureCode(error))
  const retry = () => {
    setIsRetrying(true)
    router.invalidate().finally(() => setIsRetrying(false))
  }
  useEffect(() => {
    if (!isQuiet) return
    const again = () => void router.invalidate()
    const timer = setInterval(again, 4000)
    addEventListener('online', again)
    return () => {
      clearInterval(timer)
      removeEventListener('online', again)
    }
  }, [router, isQuiet])
  return (
    <main className="grid min-h-dvh place-items-center">
      <ErrorView words={wordsFor(error)} onRetry={retry} isRetrying={isRetrying} />
    </main>
  )
}
