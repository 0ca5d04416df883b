/** How videos and sounds are played: the same for the next one. */

class Playing {
  loop = $state(true);
  /** Videos begin silent: an artist walks through many. */
  muted = $state(true);
  volume = $state(1);
  speed = $state(1);
}

export const playing = new Playing();
