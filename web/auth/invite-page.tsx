/** Comes in by an invite: with a new account of one's own, or with an account elsewhere. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { SecondFactorNeeded } from '../api.ts'
import { wordsFor } from '../error-words.ts'
import { failureCode } from '../failure.ts'
import { lookAtInvite } from '../identity-api.ts'
import { providersQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows, RowsFailed } from '../ui/panel.tsx'
import { TextField } from '../ui/text-field.tsx'
import { longDate } from '../ui/time-format.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { session } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { newAccountWords } from './new-account-words.ts'
import { NewPasswordField, usePasswordAdvice } from './new-password-field.tsx'
import { LinkIsOver } from './reset-password-page.tsx'
import { SecondFactorStep } from './second-factor-step.tsx'
import { useEnter } from './use-enter.ts'
import { isLinkSecret, useFragment } from './use-fragment.ts'

export function InvitePage() {
  usePageTitle('Come in')
  const secret = useFragment()
  const isWhole = isLinkSecret(secret)
  const invite = useQuery({
    queryKey: ['invite', secret],
    queryFn: () => lookAtInvite(secret),
    enabled: isWhole,
    gcTime: 0,
  })
  const providers = useQuery(providersQuery)
  const [needed, setNeeded] = useState<SecondFactorNeeded>()
  const enter = useEnter('/')
  if (!isWhole || (invite.error && failureCode(invite.error) === 'link_over')) return <LinkIsOver />
  if (needed) return <SecondFactorStep needed={needed} onEnter={enter} onBack={() => setNeeded(undefined)} />
  if (!invite.data)
    return (
      <DoorFrame title="Opening your invite">
        <div className={doorCard}>
          {invite.error ? (
            <RowsFailed words={wordsFor(invite.error)} onRetry={invite.refetch} isRetrying={invite.isFetching} />
          ) : (
            <LoadingRows label="Opening your invite" />
          )}
        </div>
      </DoorFrame>
    )
  const { invitedBy, role, expiresAt } = invite.data
  const what = role === 'admin' ? 'to watch, and to look after this Porchlight' : 'to watch'
  return (
    <DoorFrame
      title={`${invitedBy} has left the light on for you`}
      lead={`You are invited ${what}. The invite is good until ${longDate(expiresAt)}.`}
    >
      <div className={doorCard}>
        <NewAccount secret={secret} onEnter={enter} />
        <Elsewhere
          providers={providers.data ?? []}
          next="/"
          invite={secret}
          onEnter={enter}
          onSecondFactor={setNeeded}
        />
      </div>
    </DoorFrame>
  )
}

function NewAccount({ secret, onEnter }: { secret: string; onEnter: () => void }) {
  const [displayName, setDisplayName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [hasTried, setHasTried] = useState(false)
  const advice = usePasswordAdvice(password, [displayName, email])
  const accept = useMutation({
    mutationFn: () =>
      session.signIn('/api/auth/invites/accept', {
        secret,
        email: email.trim(),
        displayName: displayName.trim(),
        password,
      }),
    onSuccess: onEnter,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (advice.isEnough) accept.mutate()
  }
  return (
    <form className="flex flex-col gap-5" onSubmit={submit}>
      <TextField
        label="Your name"
        autoComplete="name"
        required
        maxLength={60}
        value={displayName}
        onValue={setDisplayName}
      />
      <TextField label="Email" type="email" autoComplete="username" required value={email} onValue={setEmail} />
      <NewPasswordField value={password} onValue={setPassword} advice={advice} hasTried={hasTried} />
      {accept.error && <ErrorNote words={newAccountWords(accept.error)} />}
      <Button type="submit" isBusy={accept.isPending}>
        Come in
      </Button>
    </form>
  )
}
