/** Makes an invite and shows its link, this once, with a picture for a phone. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { wordsFor } from '../error-words.ts'
import { makeInvite } from '../identity-api.ts'
import { invitesQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { TextField } from '../ui/text-field.tsx'
import { longDate } from '../ui/time-format.ts'
import { roleNames } from './role-names.ts'

const DAY = 24 * 3600
const ends = [
  [`${DAY}`, 'One day'],
  [`${7 * DAY}`, 'One week'],
  [`${30 * DAY}`, 'A month'],
] as const

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient()
  const [note, setNote] = useState('')
  const [role, setRole] = useState<'user' | 'admin'>('user')
  const [seconds, setSeconds] = useState<(typeof ends)[number][0]>(`${7 * DAY}`)
  const make = useMutation({
    mutationFn: () => makeInvite({ role, note: note.trim(), expiresInSeconds: Number(seconds) }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: invitesQuery.queryKey }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  if (make.data) {
    const { link, expiresAt } = make.data
    return (
      <Dialog title="The invite is ready" onClose={onClose}>
        <div className="flex flex-col items-center gap-4 text-center">
          <p className="text-quiet">
            Send this link, or let them scan the picture. It lets one person in, until {longDate(expiresAt)}. It is
            shown only now.
          </p>
          <QrCode text={link} label="Picture of the invite link" />
          <p
            data-testid="invite-link"
            className="w-full rounded-card border border-line bg-ground p-3 text-start font-mono text-sm break-all select-all"
          >
            {link}
          </p>
          <div className="grid w-full grid-cols-2 gap-3">
            <CopyButton text={link} label="Copy the link" />
            <Button onClick={onClose}>Done</Button>
          </div>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title="Invite somebody" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <TextField
          label="Who is it for?"
          maxLength={60}
          autoComplete="off"
          data-first-focus
          value={note}
          onValue={setNote}
          hint="Only for your list. You may leave it empty."
        />
        <Choice label="They" value={role} options={roleNames} onValue={setRole} />
        <Choice label="Good for" value={seconds} options={ends} onValue={setSeconds} />
        {make.error && <ErrorNote words={wordsFor(make.error)} />}
        <Button type="submit" isBusy={make.isPending}>
          Make the invite
        </Button>
      </form>
    </Dialog>
  )
}
