/** Every failure on the screen looks like this: what happened, what to do, and the button that does it. */
import { Link } from '@tanstack/react-router'
import type { Words } from '../error-words.ts'
import { Button, buttonClass } from './button.tsx'
import { Lamp } from './lamp.tsx'

type ErrorViewProps = { words: Words; onRetry?: (() => void) | undefined; isRetrying?: boolean }

/** A whole page's failure. */
export function ErrorView({ words, onRetry, isRetrying = false }: ErrorViewProps) {
  return (
    <div
      role="alert"
      className="mx-auto flex max-w-md animate-arrive flex-col items-center gap-3 px-6 py-16 text-center"
    >
      <Lamp isLit={false} className="mb-2 size-14" />
      <h1 className="text-xl font-semibold">{words.title}</h1>
      <p className="text-quiet">{words.text}</p>
      <NextStep words={words} onRetry={onRetry} isRetrying={isRetrying} />
    </div>
  )
}

function NextStep({ words, onRetry, isRetrying }: ErrorViewProps) {
  if (words.next === 'sign-in')
    return (
      <Link to="/sign-in" className={buttonClass('primary', 'mt-3')}>
        Sign in
      </Link>
    )
  if (words.next === 'films')
    return (
      <Link to="/" className={buttonClass('primary', 'mt-3')}>
        Back to your films
      </Link>
    )
  if (words.next === 'none' || !onRetry) return null
  return (
    <Button className="mt-3" onClick={onRetry} isBusy={isRetrying === true}>
      Try again
    </Button>
  )
}

/** A failure inside a form or a dialog, above its button. */
export function ErrorNote({ words }: { words: Words }) {
  return (
    <div role="alert" className="animate-arrive rounded-card border border-ember/60 bg-ember/10 px-4 py-3 text-sm">
      <p className="font-semibold">{words.title}</p>
      <p className="text-quiet">{words.text}</p>
    </div>
  )
}
