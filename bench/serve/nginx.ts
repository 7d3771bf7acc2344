/** nginx with sendfile: the kernel copies from the page cache to the socket, which is the most this machine can do. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { freePort } from '../../start/ports.ts'

const configuration = (folder: string, root: string, port: number) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  server { listen 127.0.0.1:${port}; root ${root}; }
}
`

/** One worker, as the other subjects have one thread that serves. */
export async function startNginx(file: string, folder: string): Promise<{ urls: string[]; stop(): void }> {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, dirname(file), port))
  const child = spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 2, 2] })
  const url = `http://127.0.0.1:${port}/${basename(file)}`
  for (let tries = 0; !(await fetch(url, { method: 'HEAD' }).catch(() => undefined))?.ok; tries++) {
    if (tries > 100) throw new Error('nginx does not answer')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { urls: [url], stop: () => void child.kill() }
}
