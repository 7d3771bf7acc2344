/** Offers a second lock after set-up, and insists on one where the edge does. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { wordsFor } from '../error-words.ts'
import { meQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { Icon } from '../ui/icon.tsx'
import { LoadingRows } from '../ui/panel.tsx'
import { usePageTitle } from '../ui/use-page-title.ts'
import { session, useSession } from './current-session.ts'
import { DoorFrame, doorCard } from './door-frame.tsx'
import { hasPasskeys } from './passkey.ts'
import { PasskeyAdd } from './passkey-add.tsx'
import { askForStepUp } from './step-up-request.ts'
import { TotpEnrol } from './totp-enrol.tsx'

export function SecondLockPage() {
  usePageTitle('A second lock')
  const router = useRouter()
  const queryClient = useQueryClient()
  const state = useSession()
  const me = useQuery(meQuery)
  const [chosen, setChosen] = useState<'totp' | 'passkey'>()
  const [isOn, setIsOn] = useState(false)
  const isRequired = state.status === 'signed-in' && state.restriction === 'second_factor_needed'
  const finish = useMutation({
    mutationFn: async () => {
      await session.renew()
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
    },
    onSuccess: () => router.history.push('/'),
  })
  const done = () => finish.mutate()
  const has = me.data && (me.data.hasTotp || me.data.passkeys > 0)
  return (
    <DoorFrame
      title={isRequired ? 'This account needs a second lock' : 'Add a second lock?'}
      lead="Whoever learns your password still cannot come in."
    >
      <div className={doorCard}>
        {finish.error && <ErrorNote words={wordsFor(finish.error)} />}
        {!me.data && !me.error && <LoadingRows label="Looking at your account" />}
        {me.error && <ErrorNote words={wordsFor(me.error)} />}
        {chosen === 'totp' && <TotpEnrol onDone={done} onConfirmed={() => setIsOn(true)} />}
        {chosen === 'passkey' && <PasskeyAdd onDone={done} />}
        {chosen === undefined && isRequired && has && (
          <Button isBusy={finish.isPending} onClick={() => askForStepUp().then((isDone) => isDone && done())}>
            Show the one I have
          </Button>
        )}
        {chosen === undefined && me.data && !(isRequired && has) && <Offers onChoose={setChosen} />}
        {chosen !== undefined && !isOn && !finish.isPending && (
          <Button look="plain" onClick={() => setChosen(undefined)}>
            Choose another way
          </Button>
        )}
        {chosen === undefined && !isRequired && (
          <Button look="plain" isBusy={finish.isPending} onClick={() => router.history.push('/')}>
            Not now
          </Button>
        )}
        {isRequired && (
          <Button look="plain" onClick={() => session.signOut()}>
            Sign out
          </Button>
        )}
      </div>
    </DoorFrame>
  )
}

function Offers({ onChoose }: { onChoose: (way: 'totp' | 'passkey') => void }) {
  const offers = [
    ['passkey', 'key', 'A passkey', 'Your finger, your face or a PIN. Nothing to type.'],
    ['totp', 'shield', 'A code app', 'Six digits from an app on your phone, and ten codes to keep.'],
  ] as const
  const here = offers.filter(([way]) => way !== 'passkey' || hasPasskeys())
  return here.map(([way, icon, title, text]) => (
    <button
      key={way}
      type="button"
      onClick={() => onChoose(way)}
      className="flex items-center gap-4 rounded-card border border-line bg-raised p-4 text-start hover:border-edge"
    >
      <Icon name={icon} className="size-7 text-lamp" />
      <span>
        <span className="block font-semibold">{title}</span>
        <span className="block text-sm text-quiet">{text}</span>
      </span>
    </button>
  ))
}
