// What the camera sees, or why it sees nothing and what to do about it.

import { Icon } from '../shared/icons.js';
import type { ScanSpoken } from './scan-language.js';
import type { Camera } from './use-camera.js';

export function CameraView({ say, camera }: { readonly say: ScanSpoken['say']; readonly camera: Camera }) {
  const { state, video, retry } = camera;
  return (
    <>
      <video ref={video} muted playsInline aria-label={say('scan.aim')} />
      {state === 'on' ? (
        <>
          <div class="finder" />
          <p class="aim">{say('scan.aim')}</p>
        </>
      ) : (
        <div class="no-camera" role="status" data-camera={state}>
          <Icon name="scan" />
          <p>{say(`camera.${state}`)}</p>
          {state !== 'starting' && (
            <>
              <p>{say('camera.others')}</p>
              <button type="button" class="button" onClick={retry}>
                {say('camera.retry')}
              </button>
            </>
          )}
        </div>
      )}
    </>
  );
}
