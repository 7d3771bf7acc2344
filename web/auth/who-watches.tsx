/** Who of the household watches on this device: one press, and a PIN where the profile has one. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsFor, wordsHere } from '../error-words.ts'
import { leaveProfile, openProfile, type Profile } from '../identity-api.ts'
import { watchingQuery } from '../identity-queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button, Ring } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { useEnter } from './use-enter.ts'

/** `null` is the person whose account it is. */
type Choice = { profile: Profile | null; pin: string | null }

/** Nothing while nobody shares the account. */
export function WhoWatches({ personName, onDone }: { personName: string; onDone: () => void }) {
  const { data } = useQuery(watchingQuery)
  const enter = useEnter('/')
  const [asked, setAsked] = useState<Profile>()
  const change = useMutation({
    mutationFn: ({ profile, pin }: Choice) => (profile ? openProfile(profile.id, pin) : leaveProfile()),
    onSuccess: () => {
      onDone()
      enter()
    },
  })
  if (!data || data.profiles.length === 0) return null
  const choose = (profile: Profile | null) => {
    if (profile?.hasPin) setAsked(profile)
    else change.mutate({ profile, pin: null })
  }
  const busyId = change.isPending ? (change.variables.profile?.id ?? '') : undefined
  return (
    <fieldset className="border-t border-line px-1 py-3">
      <legend className="sr-only">Who is watching?</legend>
      <ul className="flex gap-1 overflow-x-auto [scrollbar-width:none]">
        {[null, ...data.profiles].map((profile) => (
          <li key={profile?.id ?? 'person'}>
            <button
              type="button"
              aria-pressed={profile?.id === data.current?.id}
              onClick={() => choose(profile)}
              className="flex w-18 flex-col items-center gap-1.5 rounded-lg p-1.5 text-sm text-quiet hover:bg-ink/8 aria-pressed:font-semibold aria-pressed:text-ink"
            >
              <span className="relative grid size-12 place-items-center rounded-full in-aria-pressed:outline-2 in-aria-pressed:outline-lamp">
                {busyId === (profile?.id ?? '') ? (
                  <Ring className="size-6" />
                ) : (
                  <Face profile={profile} name={personName} />
                )}
                {profile?.hasPin && (
                  <span className="absolute -end-1 -bottom-1 grid size-5 place-items-center rounded-full bg-raised">
                    <Icon name="key" className="size-3.5" />
                  </span>
                )}
              </span>
              <span className="w-full truncate text-center">{profile?.name ?? personName}</span>
            </button>
          </li>
        ))}
      </ul>
      {change.error && !asked && <ErrorNote words={wordsFor(change.error)} />}
      {asked && (
        <PinDialog
          profile={asked}
          isBusy={change.isPending}
          error={change.error}
          onPin={(pin) => change.mutate({ profile: asked, pin })}
          onClose={() => {
            setAsked(undefined)
            change.reset()
          }}
        />
      )}
    </fieldset>
  )
}

function Face({ profile, name }: { profile: Profile | null; name: string }) {
  if (profile) return <Avatar name={profile.avatar} />
  return (
    <span className="grid size-12 place-items-center rounded-full bg-lamp/15 text-lg font-semibold text-lamp uppercase">
      {[...name][0] ?? '?'}
    </span>
  )
}

type PinDialogProps = {
  profile: Profile
  isBusy: boolean
  error: Error | null
  onPin: (pin: string) => void
  onClose: () => void
}

function PinDialog({ profile, isBusy, error, onPin, onClose }: PinDialogProps) {
  const [pin, setPin] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onPin(pin)
  }
  return (
    <Dialog title={`${profile.name}’s PIN`} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="PIN"
          type="password"
          inputMode="numeric"
          autoComplete="off"
          required
          pattern="[0-9]{4,8}"
          title="Four to eight digits"
          data-first-focus
          value={pin}
          onValue={(typed) => setPin(typed.replaceAll(/\D/g, '').slice(0, 8))}
        />
        {error && (
          <ErrorNote
            words={wordsHere(error, {
              code_wrong: { title: 'That is not the PIN.', text: 'Try again, or ask whoever set it.' },
            })}
          />
        )}
        <Button type="submit" isBusy={isBusy}>
          Watch as {profile.name}
        </Button>
      </form>
    </Dialog>
  )
}
