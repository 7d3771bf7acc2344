/** Makes an account of one's own: name, email, password; then whoever filled it in is signed in. */
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { TextField } from '../ui/text-field.tsx'
import { session } from './current-session.ts'
import { newAccountWords } from './new-account-words.ts'
import { NewPasswordField, usePasswordAdvice } from './new-password-field.tsx'

type NewAccountFormProps = {
  /** The door that the one-time secret opens. */
  door: '/api/setup' | '/api/auth/invites/accept'
  secret: string
  /** The words of the button. */
  yes: string
  onEnter: () => void
}

export function NewAccountForm({ door, secret, yes, onEnter }: NewAccountFormProps) {
  const [displayName, setDisplayName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [hasTried, setHasTried] = useState(false)
  const advice = usePasswordAdvice(password, [displayName, email])
  const make = useMutation({
    mutationFn: () => session.signIn(door, { secret, email: email.trim(), displayName: displayName.trim(), password }),
    onSuccess: onEnter,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setHasTried(true)
    if (advice.isEnough) make.mutate()
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
      {make.error && <ErrorNote words={newAccountWords(make.error)} />}
      <Button type="submit" isBusy={make.isPending}>
        {yes}
      </Button>
    </form>
  )
}
