/** The code app as the second lock, and the recovery codes that stand in for it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { session } from '../auth/current-session.ts'
import { newPasswordWords } from '../auth/new-account-words.ts'
import { NewPasswordField, usePasswordAdvice } from '../auth/new-password-field.tsx'
import { RecoveryCodes } from '../auth/recovery-codes.tsx'
import { TotpEnrol } from '../auth/totp-enrol.tsx'
import { wordsFor } from '../error-words.ts'
import { failureCode } from '../failure.ts'
import { type Me, newRecoveryCodes, removeTotp } from '../identity-api.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { AskFirst, Panel, Row, RowList, Tag } from '../ui/panel.tsx'
import { plural } from '../ui/time-format.ts'

export function SecondLockPanel({ me }: { me: Me }) {
  const queryClient = useQueryClient()
  const [isEnrolling, setIsEnrolling] = useState(false)
  const [isRemoving, setIsRemoving] = useState(false)
  const renewed = async () => {
    setIsEnrolling(false)
    setIsRemoving(false)
    await session.renew()
    await queryClient.invalidateQueries({ queryKey: ['me'] })
  }
  return (
    <Panel
      title="Second lock"
      lead={
        me.isSecondFactorOn
          ? 'A password alone does not open this account.'
          : 'A code app makes sure that a stolen password opens nothing.'
      }
      action={me.isSecondFactorOn ? <Tag tone="leaf">On</Tag> : <Tag>Off</Tag>}
    >
      <RowList label="Second locks">
        <Row title="Code app" note={me.hasTotp ? 'Six digits when you sign in' : 'Not set up'}>
          {me.hasTotp ? (
            <Button look="quiet" onClick={() => setIsRemoving(true)}>
              Take it away
            </Button>
          ) : (
            <Button look="quiet" onClick={() => setIsEnrolling(true)}>
              Set it up
            </Button>
          )}
        </Row>
        {(me.hasTotp || me.passkeys > 0) && <CodesRow left={me.recoveryCodesLeft} />}
      </RowList>
      {isEnrolling && (
        <Dialog title="Set up a code app" onClose={renewed}>
          <TotpEnrol onDone={renewed} />
        </Dialog>
      )}
      {isRemoving && <RemoveTotp me={me} onDone={renewed} onClose={() => setIsRemoving(false)} />}
    </Panel>
  )
}

function CodesRow({ left }: { left: number }) {
  const queryClient = useQueryClient()
  const [isAsking, setIsAsking] = useState(false)
  const make = useMutation({ mutationFn: newRecoveryCodes })
  const close = () => {
    setIsAsking(false)
    make.reset()
    queryClient.invalidateQueries({ queryKey: ['me'] })
  }
  return (
    <Row title="Recovery codes" note={left === 0 ? 'None left' : `${plural(left, 'code')} left`}>
      <Button look="quiet" onClick={() => setIsAsking(true)}>
        Get new ones
      </Button>
      {isAsking && !make.data && (
        <AskFirst
          title="Get ten new codes?"
          text="The ones you have stop working."
          yes="Get new codes"
          no="Keep the old ones"
          look="primary"
          isBusy={make.isPending}
          words={make.error ? wordsFor(make.error) : undefined}
          onYes={() => make.mutate()}
          onClose={close}
        />
      )}
      {make.data && (
        <Dialog title="Your recovery codes" onClose={close}>
          <RecoveryCodes codes={make.data.recoveryCodes} onDone={close} />
        </Dialog>
      )}
    </Row>
  )
}

/** A password that was short enough only because of the app has to be replaced with it. */
function RemoveTotp({ me, onDone, onClose }: { me: Me; onDone: () => void; onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [hasTried, setHasTried] = useState(false)
  const advice = usePasswordAdvice(password, [me.displayName, me.email])
  const remove = useMutation({ mutationFn: () => removeTotp(password || undefined), onSuccess: onDone })
  const needsPassword = remove.error !== null && failureCode(remove.error) === 'invalid'
  return (
    <AskFirst
      title="Take the code app away?"
      text="From then on your password alone opens this account. The recovery codes go with it."
      yes="Take it away"
      isBusy={remove.isPending}
      words={remove.error && !needsPassword ? wordsFor(remove.error) : undefined}
      onYes={() => {
        setHasTried(true)
        if (password === '' || advice.isEnough) remove.mutate()
      }}
      onClose={onClose}
    >
      {needsPassword && (
        <>
          <ErrorNote
            words={
              password === ''
                ? {
                    title: 'Your password is too short to stand alone.',
                    text: 'Choose a longer one first.',
                    next: 'retry',
                  }
                : newPasswordWords(remove.error)
            }
          />
          <NewPasswordField
            label="New password"
            value={password}
            onValue={setPassword}
            advice={advice}
            hasTried={hasTried && password !== ''}
          />
        </>
      )}
    </AskFirst>
  )
}
