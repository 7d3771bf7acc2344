/** Makes a profile, changes one, or takes it away. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsHere } from '../error-words.ts'
import { changeProfile, makeProfile, type Profile, removeProfile } from '../identity-api.ts'
import { profilesQuery } from '../identity-queries.ts'
import { Avatar, type AvatarName, avatarNamed, avatarNames, avatars } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { TextField } from '../ui/text-field.tsx'
import { profileLanguages } from './profile-languages.ts'

const caps = [
  ['', 'All films'],
  ['0', 'For everybody'],
  ['6', 'Up to 6 years'],
  ['12', 'Up to 12 years'],
  ['16', 'Up to 16 years'],
] as const

export function ProfileDialog({ profile, onClose }: { profile: Profile | undefined; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [name, setName] = useState(profile?.name ?? '')
  const [avatar, setAvatar] = useState<AvatarName>(avatarNamed(profile?.avatar ?? 'lamp'))
  const [language, setLanguage] = useState<string>(profile?.language ?? navigator.language.split('-')[0] ?? 'en')
  const [cap, setCap] = useState<string>(profile?.ratingCap?.toString() ?? '')
  const [pin, setPin] = useState('')
  const [isPinGone, setIsPinGone] = useState(false)
  const done = () => {
    queryClient.invalidateQueries({ queryKey: profilesQuery.queryKey })
    onClose()
  }
  const save = useMutation({
    mutationFn: async () => {
      const fields = { name: name.trim(), avatar, language, ratingCap: cap === '' ? null : Number(cap) }
      if (!profile) await makeProfile({ ...fields, pin: pin === '' ? null : pin })
      else await changeProfile(profile.id, { ...fields, ...(pin !== '' ? { pin } : isPinGone && { pin: null }) })
    },
    onSuccess: done,
  })
  const remove = useMutation({ mutationFn: removeProfile, onSuccess: done })
  const error = save.error ?? remove.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const known = profileLanguages.some(([code]) => code === language)
  const languages: readonly (readonly [string, string])[] = known
    ? profileLanguages
    : [[language, language], ...profileLanguages]
  return (
    <Dialog title={profile ? `Change ${profile.name}` : 'Add a profile'} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <TextField
          label="Name"
          required
          maxLength={60}
          autoComplete="off"
          data-first-focus
          value={name}
          onValue={setName}
        />
        <AvatarChoice value={avatar} onValue={setAvatar} />
        <div className="grid gap-5 sm:grid-cols-2">
          <Choice label="Language" value={language} options={languages} onValue={setLanguage} />
          <Choice label="Films" value={cap} options={caps} onValue={setCap} />
        </div>
        <TextField
          label={profile?.hasPin ? 'New PIN' : 'PIN'}
          value={pin}
          onValue={(typed) => setPin(typed.replaceAll(/\D/g, '').slice(0, 8))}
          inputMode="numeric"
          autoComplete="off"
          pattern="[0-9]{4,8}"
          title="Four to eight digits"
          hint={profile?.hasPin ? 'Leave it empty to keep the one there is.' : 'Four to eight digits, or none.'}
        />
        {profile?.hasPin && pin === '' && (
          <label className="-mt-2 flex min-h-11 items-center gap-3">
            <input
              type="checkbox"
              checked={isPinGone}
              onChange={(event) => setIsPinGone(event.target.checked)}
              className="size-5 accent-lamp"
            />
            Take the PIN away
          </label>
        )}
        {error && (
          <ErrorNote
            words={wordsHere(error, {
              conflict: { title: 'An account holds eight profiles.', text: 'Remove one first.' },
              invalid: { title: 'Something here is missing.', text: 'Check the name and the PIN.' },
            })}
          />
        )}
        <div className="flex flex-wrap justify-between gap-3">
          {profile ? (
            <Button
              look="plain"
              className="text-ember!"
              isBusy={remove.isPending}
              onClick={() => remove.mutate(profile.id)}
            >
              Remove this profile
            </Button>
          ) : (
            <span />
          )}
          <Button type="submit" isBusy={save.isPending}>
            {profile ? 'Save' : 'Add the profile'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function AvatarChoice({ value, onValue }: { value: AvatarName; onValue: (name: AvatarName) => void }) {
  return (
    <fieldset>
      <legend className="pb-2 text-sm font-medium">Picture</legend>
      <div className="grid grid-cols-4 gap-2 sm:grid-cols-8">
        {avatarNames.map((name) => (
          <label
            key={name}
            className="grid cursor-pointer place-items-center rounded-card border-2 border-transparent p-1 has-checked:border-lamp has-focus-visible:outline-2 has-focus-visible:outline-lamp"
          >
            <input
              type="radio"
              name="avatar"
              className="sr-only"
              checked={value === name}
              onChange={() => onValue(name)}
              aria-label={avatars[name][1]}
            />
            <Avatar name={name} />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
