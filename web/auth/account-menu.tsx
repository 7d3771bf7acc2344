/** The account: who is signed in, the admin's way to the boxes, and the way out. */
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState } from 'react'
import { Icon, type IconName } from '../ui/icon.tsx'
import { chooseLook, type Look, looks, readLook } from '../ui/look.ts'
import { session, useSession } from './current-session.ts'

export function AccountMenu() {
  const state = useSession()
  const [isOpen, setIsOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const id = useId()
  useCloseOutside(root, isOpen, () => setIsOpen(false))
  if (state.status !== 'signed-in') return null
  const { person } = state
  return (
    <div ref={root} className="relative">
      <button
        type="button"
        aria-label={`Account of ${person.displayName}`}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="grid size-11 place-items-center rounded-full"
      >
        <span className="grid size-9 place-items-center rounded-full border border-lamp/50 bg-lamp/15 font-semibold text-lamp uppercase">
          {[...person.displayName][0] ?? '?'}
        </span>
      </button>
      {isOpen && (
        <nav
          id={id}
          aria-label="Account"
          className="absolute end-0 top-full z-40 mt-1 w-64 animate-arrive rounded-card border border-line bg-raised p-2 shadow-card"
        >
          <div className="px-3 pt-1 pb-3">
            <p className="truncate font-semibold">{person.displayName}</p>
            <p className="truncate text-sm text-quiet">{person.email}</p>
          </div>
          <LookChoice />
          <ul className="border-t border-line pt-2">
            {person.role === 'admin' && (
              <li>
                <Link to="/home" search={{}} onClick={() => setIsOpen(false)} className={row}>
                  <RowIcon name="home" /> Boxes at home
                </Link>
              </li>
            )}
            <li>
              <SignOut />
            </li>
          </ul>
        </nav>
      )}
    </div>
  )
}

const row = 'flex min-h-11 w-full items-center gap-3 rounded-lg px-3 text-start hover:bg-ink/8'
const RowIcon = ({ name }: { name: IconName }) => <Icon name={name} className="size-5 text-quiet" />

const lookNames: Record<Look, string> = { night: 'Night', paper: 'Paper', device: 'Device' }

function LookChoice() {
  const [look, setLook] = useState(() => readLook(localStorage))
  return (
    <fieldset className="px-3 pb-3">
      <legend className="pb-1.5 text-sm text-quiet">Look</legend>
      <div className="flex rounded-lg border border-line bg-ground p-0.5 text-sm">
        {looks.map((choice) => (
          <label
            key={choice}
            className="grid min-h-9 flex-1 cursor-pointer place-items-center rounded-md has-checked:bg-lamp has-checked:font-semibold has-checked:text-on-lamp has-focus-visible:outline-2 has-focus-visible:outline-lamp"
          >
            <input
              type="radio"
              name="look"
              className="sr-only"
              checked={look === choice}
              onChange={() => {
                setLook(choice)
                chooseLook(choice)
              }}
            />
            {lookNames[choice]}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function SignOut() {
  const router = useRouter()
  const leave = async () => {
    await session.signOut()
    await router.navigate({ to: '/sign-in' })
  }
  return (
    <button type="button" onClick={leave} className={row}>
      <RowIcon name="leave" /> Sign out
    </button>
  )
}

/** Closes on a press or focus elsewhere, and on Escape, which gives focus back to the button. */
function useCloseOutside(root: React.RefObject<HTMLElement | null>, isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return
    const elsewhere = (event: Event) => root.current?.contains(event.target as Node) === false && close()
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      close()
      root.current?.querySelector('button')?.focus()
    }
    document.addEventListener('pointerdown', elsewhere)
    document.addEventListener('focusin', elsewhere)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', elsewhere)
      document.removeEventListener('focusin', elsewhere)
      document.removeEventListener('keydown', onKey)
    }
  }, [root, isOpen, close])
}
