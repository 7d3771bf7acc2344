/** Proves again that it is the same person, before something that matters; the request that asked then goes on. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { wordsFor } from '../error-words.ts'
import { beginStepUpElsewhere, passkeyStepUpOptions, type StepUpProof, stepUp, stepUpMethods } from '../identity-api.ts'
import { linksQuery } from '../identity-queries.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNote } from '../ui/error-view.tsx'
import { LoadingRows } from '../ui/panel.tsx'
import { session } from './current-session.ts'
import { DeviceCode } from './device-code.tsx'
import { ProofForm } from './proof-form.tsx'
import { settleStepUp } from './step-up-request.ts'
import { useWayName } from './use-way-name.ts'

async function prove(proof: StepUpProof): Promise<void> {
  const response = await stepUp(proof)
  session.takeToken((await response.json()) as { accessToken: string; expiresAt: number }, response.headers.get('date'))
  settleStepUp(true)
}

export function StepUpDialog() {
  const { data, error } = useQuery({ queryKey: ['step-up'], queryFn: stepUpMethods, gcTime: 0, staleTime: 0 })
  const methods = data?.methods
  return (
    <Dialog title="Is it still you?" onClose={() => settleStepUp(false)}>
      <div className="flex flex-col gap-4">
        <p className="text-quiet">This changes something that matters. Confirm first, then it goes on by itself.</p>
        {error && <ErrorNote words={wordsFor(error)} />}
        {!methods && !error && <LoadingRows label="Looking for ways to confirm" />}
        {methods && <ProofForm methods={methods} onProve={prove} passkeyOptions={passkeyStepUpOptions} yes="Confirm" />}
        {methods?.includes('identity') && <ElsewhereProof />}
      </div>
    </Dialog>
  )
}

/** By an account elsewhere: with a code here, or by leaving the page, which then has to ask again. */
function ElsewhereProof() {
  const { data: links } = useQuery(linksQuery)
  const wayName = useWayName()
  const begin = useMutation({
    mutationFn: (way: string) => beginStepUpElsewhere(way, location.pathname),
    onSuccess: (walk) => walk.kind === 'redirect' && location.assign(walk.url),
  })
  const { data: walk, variables: way } = begin
  if (walk?.kind === 'device' && way !== undefined)
    return (
      <DeviceCode
        way={way}
        walk={walk}
        onAgain={() => begin.mutate(way)}
        onState={async (state) => {
          if (state.state !== 'stepped_up') return
          await session.renew()
          settleStepUp(true)
        }}
      />
    )
  return (
    <div className="flex flex-col gap-2">
      {[...new Set(links?.map((link) => link.way))].map((id) => (
        <Button key={id} look="quiet" isBusy={begin.isPending && way === id} onClick={() => begin.mutate(id)}>
          Confirm with {wayName(id)}
        </Button>
      ))}
      {begin.error && <ErrorNote words={wordsFor(begin.error)} />}
    </div>
  )
}
