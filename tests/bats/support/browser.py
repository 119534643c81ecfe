"""Headless Chromium, driven through its debugging pipe (the Chrome DevTools Protocol).

Whatever the pages that it opens log, throw, ask for by a dialogue or request beside themselves is
kept in `troubles`. Every wait has a bound.
"""
import base64
import json
import os
import pathlib
import select
import subprocess
import tempfile
import time

SECONDS = 20


class Browser:
    def __init__(self):
        self.troubles = []
        self.events = []
        self.number = 0
        self.received = b''
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs_in, self.ours_out = os.pipe()
        self.ours_in, theirs_out = os.pipe()
        # It reads from descriptor 3 and writes to 4.
        self.process = subprocess.Popen(
            ['bash', '-c', f'exec chromium "$@" 3<&{theirs_in} 4>&{theirs_out}', 'chromium',
             '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
             '--hide-scrollbars', '--no-first-run', '--remote-debugging-pipe',
             f'--user-data-dir={self.profile.name}', 'about:blank'],
            pass_fds=(theirs_in, theirs_out), stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.session = None
        target = self.call('Target.createTarget', url='about:blank')['targetId']
        self.session = self.call('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        for domain in ('Page', 'Runtime', 'Log', 'Network'):
            self.call(domain + '.enable')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.profile.cleanup()

    def call(self, method, **params):
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': params}
        if self.session:
            message['sessionId'] = self.session
        os.write(self.ours_out, json.dumps(message).encode() + b'\0')
        answer = self.until(lambda message: message.get('id') == self.number, method)
        if 'error' in answer:
            raise RuntimeError(f'{method}: {answer["error"]["message"]}')
        return answer['result']

    def until(self, is_it, what):
        end = time.monotonic() + SECONDS
        while True:
            while b'\0' in self.received:
                text, self.received = self.received.split(b'\0', 1)
                message = json.loads(text)
                self.note(message)
                if is_it(message):
                    return message
            if not select.select([self.ours_in], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f'{what}: no answer of the browser in {SECONDS} s')
            part = os.read(self.ours_in, 1 << 20)
            if not part:
                raise RuntimeError(f'{what}: the browser ended')
            self.received += part

    def note(self, message):
        method, params = message.get('method'), message.get('params', {})
        if method in ('Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded',
                      'Page.javascriptDialogOpening'):
            self.troubles.append(f'{method}: {json.dumps(params)[:500]}')
        if method == 'Network.requestWillBeSent' and params['request']['url'] != self.url:
            self.troubles.append('request: ' + params['request']['url'])

    def open(self, path):
        self.url = pathlib.Path(path).resolve().as_uri()
        self.call('Page.navigate', url=self.url)
        self.until(lambda message: message.get('method') == 'Page.loadEventFired', 'load')

    def evaluate(self, script):
        answer = self.call('Runtime.evaluate', expression=script, returnByValue=True)
        if 'exceptionDetails' in answer:
            raise RuntimeError(json.dumps(answer['exceptionDetails'])[:500])
        return answer['result'].get('value')

    def press(self, key):
        for kind in ('keyDown', 'keyUp'):
            self.call('Input.dispatchKeyEvent', type=kind, key=key, code=key)

    def point_at(self, selector, click=False):
        """The middle of the first such element that is shown, scrolled to."""
        x, y = self.evaluate(f'''(() => {{
          const shown = [...document.querySelectorAll({json.dumps(selector)})]
            .find(element => element.getClientRects().length);
          shown.scrollIntoView({{block: 'center'}});
          const box = shown.getBoundingClientRect();
          return [box.x + box.width / 2, box.y + box.height / 2];
        }})()''')
        self.call('Input.dispatchMouseEvent', type='mouseMoved', x=x, y=y)
        for kind in ('mousePressed', 'mouseReleased') if click else ():
            self.call('Input.dispatchMouseEvent', type=kind, x=x, y=y, button='left', clickCount=1)

    def media(self, medium='', **features):
        self.call('Emulation.setEmulatedMedia', media=medium, features=[
            {'name': name.replace('_', '-'), 'value': value} for name, value in features.items()])

    def screenshot(self, path, width=1280, height=900):
        self.call('Emulation.setDeviceMetricsOverride', width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        image = self.call('Page.captureScreenshot', captureBeyondViewport=height > 2000)['data']
        pathlib.Path(path).write_bytes(base64.b64decode(image))
