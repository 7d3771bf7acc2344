/** Comes in by an invite: with a new account of one's own, or with an account elsewhere. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SecondFactorNeeded } from '../api.ts'
import { wordsFor } from '../error-words.ts'
import { failureCode } from '../failure.ts'
import { lookAtInvite } from '../identity-api.ts'
import { providersQuery } from '../identity-queries.ts'
import { LoadingRows, RowsFailed } from '../ui/panel.tsx'
import { longDate } from '../ui/time-format.ts'
import { usePageTitle } from '../ui/use-page-title.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { Elsewhere } from './elsewhere.tsx'
import { NewAccountForm } from './new-account-form.tsx'
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
        <NewAccountForm door="/api/auth/invites/accept" secret={secret} yes="Come in" onEnter={enter} />
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
