/** The API as a page: every route with what it does, who may call it and what it refuses; out of the OpenAPI document. */
import { useQuery } from '@tanstack/react-query'
import * as z from 'zod'
import { open } from './api.ts'
import { wordsFor } from './error-words.ts'
import { answered } from './failure.ts'
import { ErrorView } from './ui/error-view.tsx'
import { LoadingRows } from './ui/panel.tsx'
import { usePageTitle } from './ui/use-page-title.ts'

const Operation = z.object({
  summary: z.string(),
  tags: z.array(z.string()).default([]),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional() })).default([]),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.object({ description: z.string(), content: z.unknown().optional() })),
})
const Document = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
})
type Operation = z.infer<typeof Operation>

const readDocument = async () => Document.parse(await (await answered(open['openapi.json'].$get())).json())

export function ApiDocsPage() {
  usePageTitle('API')
  const { data, error, refetch, isFetching } = useQuery({ queryKey: ['openapi'], queryFn: readDocument })
  return (
    <main className="gutter mx-auto max-w-4xl pb-16">
      <h1 className="pt-10 text-3xl font-semibold">Porchlight’s API</h1>
      {!data && !error && <LoadingRows label="Loading the document" rows={6} />}
      {!data && error && <ErrorView words={wordsFor(error)} onRetry={refetch} isRetrying={isFetching} />}
      {data && (
        <>
          <p className="max-w-prose pt-3 text-quiet">
            Version {data.info.version}. {data.info.description} The same for programs:{' '}
            <a className="underline" href="/api/openapi.json">
              openapi.json
            </a>
            .
          </p>
          {sectionsOf(data.paths).map(([section, routes]) => (
            <section key={section} aria-label={section} className="pt-9">
              <h2 className="pb-2 font-mono text-lg font-semibold">{section}</h2>
              <ul className="divide-y divide-line rounded-[16px] border border-line bg-raised/60">
                {routes.map(({ path, method, operation }) => (
                  <li key={`${method} ${path}`}>
                    <Route path={path} method={method} operation={operation} />
                  </li>
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
    </main>
  )
}

type RouteProps = { path: string; method: string; operation: Operation }

function Route({ path, method, operation }: RouteProps) {
  const { summary, tags, parameters, requestBody, responses } = operation
  return (
    <details className="group px-4 py-3">
      <summary className="cursor-pointer list-none">
        <code className="text-sm break-all">
          <span className="font-semibold text-lamp uppercase">{method}</span> {path}
        </code>
        <span className="block text-sm text-quiet">
          {summary} · {tags.join(', ')}
        </span>
      </summary>
      <div className="flex flex-col gap-3 pt-3 text-sm">
        {parameters.length > 0 && (
          <p>
            <span className="text-quiet">Takes </span>
            {parameters
              .map(({ name, in: where, required }) => `${name} (${where}${required ? '' : ', optional'})`)
              .join(', ')}
          </p>
        )}
        {requestBody !== undefined && <Shape name="Body" value={requestBody} />}
        {Object.entries(responses)
          .filter(([status]) => status !== 'default')
          .map(([status, { description, content }]) => (
            <div key={status}>
              <p>
                <span className="font-mono font-semibold">{status}</span> {description}
              </p>
              {content !== undefined && <Shape name="Answer" value={content} />}
            </div>
          ))}
      </div>
    </details>
  )
}

function Shape({ name, value }: { name: string; value: unknown }) {
  return (
    <section aria-label={name} className="max-h-72 overflow-auto rounded-card border border-line bg-ground p-3">
      <pre className="font-mono text-xs">{JSON.stringify(value, null, 2)}</pre>
    </section>
  )
}

/** By the first two parts of the path, in the order of the document. */
function sectionsOf(paths: z.infer<typeof Document>['paths']): [string, RouteProps[]][] {
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return [...Map.groupBy(routes, ({ path }) => path.split('/').slice(0, 3).join('/'))]
}
