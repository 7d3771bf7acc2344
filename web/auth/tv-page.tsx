/** The phone's side: compare what the television shows, then let it in or turn it away. */
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { wordsHere } from '../error-words.ts'
import { answerTv, readTv, type WaitingTv } from '../identity-api.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { TextField } from '../ui/text-field.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { useSession } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { shapeTvCode } from './tv-code.ts'

const tvWords = (error: Error) =>
  wordsHere(error, {
    link_over: {
      title: 'No screen waits with that code.',
      text: 'Compare it with the screen. Codes change after ten minutes.',
    },
    invalid: { title: 'That code is not complete.', text: 'It has eight letters and digits.' },
  })

export function TvPage({ code }: { code: string | undefined }) {
  usePageTitle('Let a screen in')
  const look = useMutation({ mutationFn: readTv })
  const { mutate } = look
  const [typed, setTyped] = useState(shapeTvCode(code ?? ''))
  useEffect(() => {
    if (code !== undefined) mutate(shapeTvCode(code))
  }, [code, mutate])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    mutate(typed)
  }
  if (look.data) return <Decide tv={look.data} />
  return (
    <DoorFrame title="Let a screen in" lead="Type the code that the screen shows.">
      <form className={doorCard} onSubmit={submit}>
        <TextField
          label="Code"
          value={typed}
          onValue={(value) => setTyped(shapeTvCode(value))}
          placeholder="BCDF-2345"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
          className="text-center font-mono text-2xl! tracking-[0.2em]"
        />
        {look.error && <ErrorNote words={tvWords(look.error)} />}
        <Button type="submit" isBusy={look.isPending}>
          Find the screen
        </Button>
        <Link to="/" className={buttonClass('plain')}>
          Back to your films
        </Link>
      </form>
    </DoorFrame>
  )
}

function Decide({ tv }: { tv: WaitingTv }) {
  const state = useSession()
  const decide = useMutation({ mutationFn: (approve: boolean) => answerTv(tv.userCode, approve) })
  const name = state.status === 'signed-in' ? state.person.displayName : ''
  if (decide.isSuccess)
    return (
      <DoorFrame title={decide.variables ? 'The screen is signed in' : 'The screen was turned away'}>
        <div role="status" className={`${doorCard} items-center text-center`}>
          <Icon name={decide.variables ? 'check' : 'close'} className="size-10 text-lamp" />
          <p className="text-quiet">
            {decide.variables
              ? 'It opens in a few seconds. You can end it among your devices at any time.'
              : 'It cannot come in with that code any more.'}
          </p>
          <Link to="/" className={buttonClass('primary', 'w-full')}>
            To your films
          </Link>
        </div>
      </DoorFrame>
    )
  return (
    <DoorFrame
      title="Let this screen in?"
      lead={`It would be signed in as ${name}. Say yes only if it stands before you.`}
    >
      <div className={doorCard}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-3 rounded-card border border-line bg-ground p-4">
          <dt className="text-quiet">Code</dt>
          <dd className="font-mono text-lg text-lamp">{tv.userCode}</dd>
          <dt className="text-quiet">Screen</dt>
          <dd>{tv.device}</dd>
          {tv.place !== null && (
            <>
              <dt className="text-quiet">Place</dt>
              <dd>{tv.place}</dd>
            </>
          )}
          <dt className="text-quiet">Network</dt>
          <dd className="break-all">{tv.network}</dd>
        </dl>
        {decide.error && <ErrorNote words={tvWords(decide.error)} />}
        <Button isBusy={decide.isPending && decide.variables} onClick={() => decide.mutate(true)}>
          Let it in
        </Button>
        <Button look="quiet" isBusy={decide.isPending && !decide.variables} onClick={() => decide.mutate(false)}>
          Turn it away
        </Button>
      </div>
    </DoorFrame>
  )
}
