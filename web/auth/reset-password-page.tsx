/** Sets a new password with the link from a letter. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { errorWords } from '../error-words.ts'
import { resetPassword } from '../identity-api.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { BackToDoor } from './forgot-password-page.tsx'
import { newPasswordWords } from './new-account-words.ts'
import { NewPasswordField, usePasswordAdvice } from './new-password-field.tsx'
import { isLinkSecret, useFragment } from './use-fragment.ts'

export function ResetPasswordPage() {
  usePageTitle('New password')
  const secret = useFragment()
  const [password, setPassword] = useState('')
  const [hasTried, setHasTried] = useState(false)
  const advice = usePasswordAdvice(password, [])
  const reset = useMutation({ mutationFn: () => resetPassword(secret, password) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (advice.isEnough) reset.mutate()
  }
  if (!isLinkSecret(secret)) return <LinkIsOver />
  if (reset.isSuccess)
    return (
      <DoorFrame title="Your password is new" lead="You are signed out everywhere else. Sign in with it now.">
        <div role="status" className={doorCard}>
          <BackToDoor />
        </div>
      </DoorFrame>
    )
  return (
    <DoorFrame title="Choose a new password" lead="It replaces the one before, and signs you out everywhere.">
      <form className={doorCard} onSubmit={submit}>
        <NewPasswordField
          label="New password"
          value={password}
          onValue={setPassword}
          advice={advice}
          hasTried={hasTried}
        />
        {reset.error && <ErrorNote words={newPasswordWords(reset.error)} />}
        <Button type="submit" isBusy={reset.isPending}>
          Set the password
        </Button>
      </form>
    </DoorFrame>
  )
}

/** A link that is cut short, used or old. */
export function LinkIsOver() {
  return (
    <DoorFrame isLit={false} title={errorWords.link_over.title} lead={errorWords.link_over.text}>
      <div className={doorCard}>
        <BackToDoor />
      </div>
    </DoorFrame>
  )
}
