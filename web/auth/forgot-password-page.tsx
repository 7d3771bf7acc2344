/** Asks for a letter with a link that sets a new password. The answer never tells whether an account exists. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { wordsHere } from '../error-words.ts'
import { forgotPassword } from '../identity-api.ts'
import { lettersQuery } from '../identity-queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { TextField } from '../ui/text-field.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'

export function ForgotPasswordPage() {
  usePageTitle('Forgotten password')
  const { data: letters } = useQuery(lettersQuery)
  const [email, setEmail] = useState('')
  const ask = useMutation({ mutationFn: () => forgotPassword(email.trim()) })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    ask.mutate()
  }
  if (letters === 'nowhere') return <NoLetters />
  if (ask.isSuccess)
    return (
      <DoorFrame
        title={letters === 'to_the_log' ? 'Ask whoever runs this Porchlight' : 'Look at your letters'}
        lead={`If ${email.trim()} belongs to an account here, a link is on its way.`}
      >
        <div role="status" className={doorCard}>
          <p className="text-quiet">
            {letters === 'to_the_log'
              ? 'The link is in its log, on the machine where it was started. It works once, for half an hour.'
              : 'It works once, for half an hour. Nothing there? Look among the unwanted letters.'}
          </p>
          <BackToDoor />
        </div>
      </DoorFrame>
    )
  return (
    <DoorFrame
      title="Forgotten password"
      lead={
        letters === 'to_the_log'
          ? 'A link that sets a new one is written into the log of this Porchlight.'
          : 'We send you a link that sets a new one.'
      }
    >
      <form className={doorCard} onSubmit={submit}>
        <TextField label="Email" type="email" autoComplete="username" required value={email} onValue={setEmail} />
        {ask.error && (
          <ErrorNote
            words={wordsHere(ask.error, {
              invalid: { title: 'That is not an email address.', text: 'Check it and try again.' },
            })}
          />
        )}
        <Button type="submit" isBusy={ask.isPending}>
          Send the link
        </Button>
        <BackToDoor look="plain" />
      </form>
    </DoorFrame>
  )
}

function NoLetters() {
  return (
    <DoorFrame isLit={false} title="Forgotten password" lead="This Porchlight sends no letters.">
      <div className={doorCard}>
        <p className="text-quiet">
          Sign in another way, such as with a passkey. If you have none, ask whoever runs it.
        </p>
        <BackToDoor />
      </div>
    </DoorFrame>
  )
}

export const BackToDoor = ({ look = 'primary' }: { look?: 'primary' | 'plain' }) => (
  <Link to="/sign-in" className={buttonClass(look)}>
    Back to sign in
  </Link>
)
