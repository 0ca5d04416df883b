/** Whether the gallery is a grid or a list. Kept while the app runs. */
class ShownAs {
  list = $state(false);
}

export const shownAs = new ShownAs();
