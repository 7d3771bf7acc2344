/** Name and address, everything about me to take away, and being forgotten. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { session } from '../auth/current-session.ts'
import { wordsFor, wordsHere } from '../error-words.ts'
import { changeEmail, eraseMe, exportMe, type Me, rename, sendVerification } from '../identity-api.ts'
import { meQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { AskFirst, LoadingRows, Panel, RowsFailed, Tag } from '../ui/panel.tsx'
import { TextField } from '../ui/text-field.tsx'

export function YouSection() {
  const me = useQuery(meQuery)
  return (
    <>
      <Panel title="You">
        {me.data && <NameForm me={me.data} />}
        {!me.data && !me.error && <LoadingRows label="Loading your account" />}
        {!me.data && me.error && (
          <RowsFailed words={wordsFor(me.error)} onRetry={me.refetch} isRetrying={me.isFetching} />
        )}
      </Panel>
      {me.data && <EmailPanel me={me.data} />}
      <ExportPanel />
      <ErasePanel />
    </>
  )
}

function NameForm({ me }: { me: Me }) {
  const queryClient = useQueryClient()
  const [name, setName] = useState(me.displayName)
  const save = useMutation({
    mutationFn: () => rename(name.trim()),
    onSuccess: async () => {
      await session.renew()
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="Your name"
        autoComplete="name"
        required
        maxLength={60}
        value={name}
        onValue={setName}
        hint="Others in the household see it."
      />
      {save.error && <ErrorNote words={wordsFor(save.error)} />}
      <Button
        type="submit"
        look="quiet"
        className="self-start"
        isBusy={save.isPending}
        disabled={name.trim() === '' || name.trim() === me.displayName}
      >
        Save the name
      </Button>
    </form>
  )
}

function EmailPanel({ me }: { me: Me }) {
  const queryClient = useQueryClient()
  const [email, setEmail] = useState(me.email)
  const save = useMutation({
    mutationFn: () => changeEmail(email.trim()),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
  })
  const send = useMutation({ mutationFn: sendVerification })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Panel
      title="Email"
      lead="You sign in with it, and letters about your account go there."
      action={
        me.email !== '' &&
        (me.isEmailVerified ? <Tag tone="leaf">Confirmed</Tag> : <Tag tone="lamp">Not confirmed</Tag>)
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField label="Email" type="email" autoComplete="email" required value={email} onValue={setEmail} />
        {save.error && (
          <ErrorNote
            words={wordsHere(save.error, {
              invalid: { title: 'That is not an email address.', text: 'Check it and try again.' },
              conflict: { title: 'That email cannot be used.', text: 'Choose another one.' },
            })}
          />
        )}
        {send.error && (
          <ErrorNote
            words={wordsHere(send.error, {
              not_configured: {
                title: 'This Porchlight sends no letters.',
                text: 'Ask whoever runs it. You can go on without.',
              },
            })}
          />
        )}
        {send.isSuccess && <p role="status">A letter is on its way. Open the link in it.</p>}
        <div className="flex flex-wrap gap-3">
          <Button
            type="submit"
            look="quiet"
            isBusy={save.isPending}
            disabled={email.trim() === '' || email.trim() === me.email}
          >
            Change the email
          </Button>
          {me.email !== '' && !me.isEmailVerified && !send.isSuccess && (
            <Button look="plain" isBusy={send.isPending} onClick={() => send.mutate()}>
              Send the letter again
            </Button>
          )}
        </div>
      </form>
    </Panel>
  )
}

function ExportPanel() {
  const take = useMutation({
    mutationFn: async () => (await exportMe()).blob(),
    onSuccess: (blob) => {
      const url = URL.createObjectURL(blob)
      Object.assign(document.createElement('a'), { href: url, download: 'porchlight-export.json' }).click()
      setTimeout(() => URL.revokeObjectURL(url), 10_000)
    },
  })
  return (
    <Panel
      title="Take everything with you"
      lead="One file with all that is stored about you, in a form that other programs read."
      action={
        <Button look="quiet" isBusy={take.isPending} onClick={() => take.mutate()}>
          Save my data
        </Button>
      }
    >
      {take.error && <ErrorNote words={wordsFor(take.error)} />}
    </Panel>
  )
}

function ErasePanel() {
  const router = useRouter()
  const [isAsking, setIsAsking] = useState(false)
  const erase = useMutation({
    mutationFn: eraseMe,
    onSuccess: async ({ dueAt }) => {
      await session.signOut()
      await router.navigate({ to: '/sign-in', search: { erased: dueAt } })
    },
  })
  return (
    <Panel
      title="Erase this account"
      lead="You are signed out everywhere at once. After seven days all of it is gone. Signing in before then keeps it."
      action={
        <Button look="quiet" className="text-ember!" onClick={() => setIsAsking(true)}>
          Erase my account
        </Button>
      }
    >
      {isAsking && (
        <AskFirst
          title="Erase your account?"
          text="Your films to go on with, your profiles and your devices go with it. You have seven days to change your mind: just sign in."
          yes="Erase it"
          isBusy={erase.isPending}
          words={
            erase.error
              ? wordsHere(erase.error, {
                  last_way_in: {
                    title: 'You are the only one who looks after this Porchlight.',
                    text: 'Make somebody else an admin first.',
                  },
                })
              : undefined
          }
          onYes={() => erase.mutate()}
          onClose={() => setIsAsking(false)}
        />
      )}
    </Panel>
  )
}
