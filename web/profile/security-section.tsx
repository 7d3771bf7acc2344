/** What opens this account: password, second lock, passkeys, accounts elsewhere. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ChangePasswordForm } from '../auth/change-password-form.tsx'
import { wordsFor } from '../error-words.ts'
import type { Me } from '../identity-api.ts'
import { meQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { LoadingRows, Panel, RowsFailed } from '../ui/panel.tsx'
import { LinksPanel } from './links-panel.tsx'
import { PasskeysPanel } from './passkeys-panel.tsx'
import { SecondLockPanel } from './second-lock-panel.tsx'

export function SecuritySection() {
  const me = useQuery(meQuery)
  if (!me.data)
    return (
      <Panel title="Locks">
        {me.error ? (
          <RowsFailed words={wordsFor(me.error)} onRetry={me.refetch} isRetrying={me.isFetching} />
        ) : (
          <LoadingRows label="Loading your locks" rows={4} />
        )}
      </Panel>
    )
  return (
    <>
      <PasswordPanel me={me.data} />
      <SecondLockPanel me={me.data} />
      <PasskeysPanel />
      <LinksPanel />
    </>
  )
}

function PasswordPanel({ me }: { me: Me }) {
  const queryClient = useQueryClient()
  const [isOpen, setIsOpen] = useState(false)
  const [isDone, setIsDone] = useState(false)
  const done = () => {
    setIsOpen(false)
    setIsDone(true)
    queryClient.invalidateQueries({ queryKey: ['me'] })
  }
  return (
    <Panel
      title="Password"
      lead={me.hasPassword ? 'Changing it signs your other devices out.' : 'This account opens without one.'}
      action={
        <Button look="quiet" onClick={() => setIsOpen(true)}>
          {me.hasPassword ? 'Change it' : 'Add one'}
        </Button>
      }
    >
      {isDone && <p role="status">Your password is new. Your other devices are signed out.</p>}
      {isOpen && (
        <Dialog title={me.hasPassword ? 'Change your password' : 'Add a password'} onClose={() => setIsOpen(false)}>
          <ChangePasswordForm onDone={done} />
        </Dialog>
      )}
    </Panel>
  )
}
