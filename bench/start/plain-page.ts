/** The floor: a film as a file from a bare Node server into `<video src>` at the press of a link, with nothing of ours between. */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `src` is given to the element at the press, as a player has it that knows everything beforehand. */
const page = `<!doctype html><title>plain</title><a href="#" style="font-size:3rem">Play</a>
<script>
document.querySelector('a').addEventListener('click', (event) => {
  event.preventDefault()
  const video = document.createElement('video')
  video.style.cssText = 'position:fixed;inset:0;width:100%;height:100%;background:#000'
  video.autoplay = true
  video.src = '/film'
  document.body.append(video)
})
</script>`

export type PlainPage = { url: string; stop: () => void }

/** `contentType` is the film's. */
export async function servePlainPage(film: string, contentType: string): Promise<PlainPage> {
  const sizeBytes = statSync(film).size
  const server = createServer((request, response) => {
    if (request.url !== '/film') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page)
      return
    }
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? 'bytes=0-') ?? []
    const [start, end] = [Number(from), to === '' ? sizeBytes - 1 : Number(to)]
    response.writeHead(206, {
      'content-type': contentType,
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${sizeBytes}`,
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
    })
    const bytes = createReadStream(film, { start, end })
    response.on('close', () => bytes.destroy())
    bytes.pipe(response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${port}/`, stop }
}
