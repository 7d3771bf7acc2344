/** On a title's page: the copies that there are, in the order in which Play tries them on this device, and why. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { listSourceChoices } from '../edge-api.ts'
import { preferencesQuery, titleChoiceQuery } from '../queries.ts'
import { Icon } from '../ui/icon.tsx'
import { fileSize } from '../ui/time-format.ts'
import { deviceProfile } from './device/device-profile.ts'
import { firstWish, tastesOf } from './player/first-wish.ts'
import { placeOf, sourceWords } from './source-words.ts'

/** Nothing where there is nothing to choose from: one copy is the one that plays. */
export function SourceList({ titleId }: { titleId: string }) {
  const preferences = useQuery({ ...preferencesQuery, retry: false })
  const choice = useQuery({ ...titleChoiceQuery(titleId), retry: false })
  const wish = firstWish(tastesOf(preferences.data, choice.data))
  const { data } = useQuery({
    queryKey: ['source-choices', titleId, wish],
    queryFn: async () => listSourceChoices({ titleId, device: await deviceProfile(), wish }),
    enabled: !preferences.isPending && !choice.isPending,
  })
  if (!data || data.sources.length < 2) return null
  return (
    <details className="group max-w-prose text-sm">
      <summary className="flex min-h-11 cursor-pointer items-center gap-2 text-quiet hover:text-ink">
        <Icon name="next" className="size-4 transition-transform group-open:rotate-90" />
        The {data.sources.length} copies, best for this device first
      </summary>
      <ol className="mt-2 flex list-decimal flex-col gap-3 ps-6 marker:text-quiet">
        {data.sources.map(({ id, provider, sizeBytes, reasons }) => (
          <li key={id} data-source={id} data-provider={provider}>
            <span className="font-semibold">{sizeBytes === null ? 'Size not known' : fileSize(sizeBytes)}</span>
            <span className="text-quiet">
              {' '}
              · {placeOf(provider)} · {reasons.map((reason) => sourceWords[reason]).join(', ')}
            </span>
            <Link
              to="/watch/$titleId"
              params={{ titleId }}
              search={{ source: id }}
              preload={false}
              className="flex min-h-11 w-fit items-center font-medium underline underline-offset-4"
            >
              Play this copy
            </Link>
          </li>
        ))}
      </ol>
    </details>
  )
}
