/** A new password for the one there is, or a first one for an account that has none. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { addPassword, changePassword } from '../identity-api.ts'
import { meQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { TextField } from '../ui/text-field.tsx'
import { newPasswordWords } from './new-account-words.ts'
import { NewPasswordField, usePasswordAdvice } from './new-password-field.tsx'
import { PASSWORD_LENGTH, PASSWORD_LENGTH_WITH_FACTOR } from './password-advice.ts'

export function ChangePasswordForm({ onDone }: { onDone: () => void }) {
  const { data: me } = useQuery(meQuery)
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [hasTried, setHasTried] = useState(false)
  const least = me?.hasTotp ? PASSWORD_LENGTH_WITH_FACTOR : PASSWORD_LENGTH
  const advice = usePasswordAdvice(next, me ? [me.displayName, me.email] : [], least)
  const hasOne = me?.hasPassword ?? true
  const change = useMutation({
    mutationFn: () => (hasOne ? changePassword(current, next) : addPassword(next)),
    onSuccess: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (advice.isEnough) change.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      {/* For the keyring of the browser: whose password it is. */}
      <input type="hidden" name="username" autoComplete="username" value={me?.email ?? ''} readOnly />
      {hasOne && (
        <TextField
          label="Password now"
          type="password"
          autoComplete="current-password"
          required
          data-first-focus
          value={current}
          onValue={setCurrent}
        />
      )}
      <NewPasswordField label="New password" value={next} onValue={setNext} advice={advice} hasTried={hasTried} />
      {change.error && <ErrorNote words={newPasswordWords(change.error)} />}
      <Button type="submit" isBusy={change.isPending}>
        {hasOne ? 'Change the password' : 'Add the password'}
      </Button>
    </form>
  )
}
