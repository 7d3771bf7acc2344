/** An address that leads nowhere. */
import { Link } from '@tanstack/react-router'
import { buttonClass } from '../ui/button.tsx'
import { Lamp } from '../ui/lamp.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'

export function NotFoundPage() {
  usePageTitle('Nobody home')
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-md flex-col items-center justify-center gap-3 px-6 text-center">
      <Lamp isLit={false} className="mb-2 size-16" />
      <h1 className="text-2xl font-semibold">There is nothing at this address</h1>
      <p className="text-quiet">The film may have moved, or the link was cut short.</p>
      <Link to="/" className={buttonClass('primary', 'mt-3')}>
        Back to your films
      </Link>
    </div>
  )
}
