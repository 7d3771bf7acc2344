/** Where the web app lives: the one origin that cookies, CORS and links are for. */
import type { Bindings } from './env.ts'

/** APP_ORIGIN when the operator set it, else the origin the request was sent to. */
export const appOrigin = (env: Pick<Bindings, 'APP_ORIGIN'>, requestUrl: string): string =>
  new URL(env.APP_ORIGIN || requestUrl).origin
