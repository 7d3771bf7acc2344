/** The account: who is signed in, who else may take over, the ways to its pages, and the way out. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useEffect, useId, useRef, useState } from 'react'
import { wordsFor } from '../error-words.ts'
import { noticesQuery, watchingQuery } from '../identity-queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Ring } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { chooseLook, type Look, looks, readLook } from '../ui/look.ts'
import { session, useSession } from './current-session.ts'
import { useEnter } from './use-enter.ts'
import { WhoWatches } from './who-watches.tsx'

export function AccountMenu() {
  const state = useSession()
  const [isOpen, setIsOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const id = useId()
  const { data: household } = useQuery({ ...watchingQuery, enabled: state.status === 'signed-in', staleTime: 300_000 })
  const profile = household?.current
  // With a cap a profile may only watch: the account's own pages would refuse it.
  const isChild = profile !== undefined && profile.ratingCap !== null
  const ask = state.status === 'signed-in' && household !== undefined && !isChild
  const { data: notices } = useQuery({ ...noticesQuery, enabled: ask, staleTime: 60_000 })
  const unread = isChild ? 0 : (notices?.filter(({ readAt }) => readAt === null).length ?? 0)
  useCloseOutside(root, isOpen, () => setIsOpen(false))
  if (state.status !== 'signed-in') return null
  const { person } = state
  return (
    <div ref={root} className="relative">
      <button
        type="button"
        aria-label={`Account of ${profile?.name ?? person.displayName}${unread > 0 ? `, ${unread} new` : ''}`}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="relative grid size-11 place-items-center rounded-full"
      >
        {profile ? (
          <Avatar name={profile.avatar} className="size-9" />
        ) : (
          <span className="grid size-9 place-items-center rounded-full border border-lamp/50 bg-lamp/15 font-semibold text-lamp uppercase">
            {[...person.displayName][0] ?? '?'}
          </span>
        )}
        {unread > 0 && (
          <span aria-hidden className="absolute end-0.5 top-0.5 size-3 rounded-full border-2 border-ground bg-ember" />
        )}
      </button>
      {isOpen && (
        <nav
          id={id}
          aria-label="Account"
          className="absolute end-0 top-full z-40 mt-1 w-72 animate-arrive rounded-card border border-line bg-raised p-2 shadow-card"
        >
          <div className="px-3 pt-1 pb-3">
            <p className="truncate font-semibold">{profile?.name ?? person.displayName}</p>
            <p className="truncate text-sm text-quiet">{isChild ? 'For watching only' : person.email}</p>
          </div>
          <WhoWatches personName={person.displayName} onDone={() => setIsOpen(false)} />
          <LookChoice />
          {!isChild && <OtherPeople onDone={() => setIsOpen(false)} />}
          <ul className="border-t border-line pt-2">
            <li>
              <Link to="/history" onClick={() => setIsOpen(false)} className={row}>
                <RowIcon name="restart" /> Watched
              </Link>
            </li>
            <li>
              <Link to="/lists" onClick={() => setIsOpen(false)} className={row}>
                <RowIcon name="tracks" /> Lists
              </Link>
            </li>
            {!isChild && (
              <li>
                <Link
                  to="/account/$section"
                  params={{ section: 'you' }}
                  onClick={() => setIsOpen(false)}
                  className={row}
                >
                  <RowIcon name="person" /> Your account
                </Link>
              </li>
            )}
            {unread > 0 && (
              <li>
                <Link
                  to="/account/$section"
                  params={{ section: 'notices' }}
                  onClick={() => setIsOpen(false)}
                  className={row}
                >
                  <RowIcon name="bell" /> News <span className="ms-auto font-semibold text-ember">{unread}</span>
                </Link>
              </li>
            )}
            {person.role === 'admin' && !isChild && (
              <li>
                <Link to="/people" onClick={() => setIsOpen(false)} className={row}>
                  <RowIcon name="people" /> People
                </Link>
              </li>
            )}
            {person.role === 'admin' && !isChild && (
              <li>
                <Link to="/home" search={{}} onClick={() => setIsOpen(false)} className={row}>
                  <RowIcon name="home" /> Boxes at home
                </Link>
              </li>
            )}
            {person.role === 'admin' && !isChild && (
              <li>
                <Link to="/sources" onClick={() => setIsOpen(false)} className={row}>
                  <RowIcon name="link" /> Where films come from
                </Link>
              </li>
            )}
            {person.role === 'admin' && !isChild && (
              <li>
                <Link to="/upkeep" onClick={() => setIsOpen(false)} className={row}>
                  <RowIcon name="tune" /> Upkeep
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

/** Whoever else has signed in in this browser: one press, nothing to type. */
function OtherPeople({ onDone }: { onDone: () => void }) {
  const state = useSession()
  const enter = useEnter('/')
  const current = state.status === 'signed-in' ? state.sessionId : ''
  const others = session.remembered().people.filter(({ sessionId }) => sessionId !== current)
  const change = useMutation({
    mutationFn: async (sessionId: string) => {
      await session.resume(sessionId)
      const now = session.getState()
      return now.status === 'signed-in' && now.sessionId === sessionId
    },
    onSuccess: (isChanged) => {
      if (!isChanged) return
      onDone()
      enter()
    },
  })
  return (
    <ul aria-label="Change person" className="border-t border-line py-2">
      {others.map(({ sessionId, displayName }) => (
        <li key={sessionId}>
          <button type="button" className={row} onClick={() => change.mutate(sessionId)}>
            {change.isPending && change.variables === sessionId ? (
              <Ring className="size-5" />
            ) : (
              <RowIcon name="person" />
            )}
            Go on as {displayName}
          </button>
        </li>
      ))}
      <li>
        <Link to="/sign-in" search={{}} onClick={onDone} className={row}>
          <RowIcon name="plus" /> Somebody else
        </Link>
      </li>
      {change.error && <ErrorNote words={wordsFor(change.error)} />}
    </ul>
  )
}

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
