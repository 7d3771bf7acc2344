/** `GET /api/openapi.json`: OpenAPI 3.1 of the whole API, from the same schemas that check it. */
import type { Hono } from 'hono'
import { generateSpecs } from 'hono-openapi'
import type { AppEnv } from './env.ts'
import { version } from './version.ts'

/** `find` gives the finished app: the document lists the routes of an app it is itself a route of. */
export async function openApiDocument(app: Hono<AppEnv>): Promise<object> {
  return generateSpecs(app, {
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
    documentation: {
      info: {
        title: 'Porchlight',
        version,
        description: 'The control plane. Every refusal is `{ error: { code, message } }`; programs read the code.',
      },
      components: {
        securitySchemes: {
          person: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT (at+jwt), 15 minutes' },
          session_cookie: { type: 'apiKey', in: 'cookie', name: '__Host-porchlight_rt_{session}' },
          agent: { type: 'apiKey', in: 'header', name: 'x-agent-signature' },
          stream_token: { type: 'apiKey', in: 'header', name: '(in the path)' },
        },
      },
    },
  })
}
