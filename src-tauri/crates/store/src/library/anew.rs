//! Recipes that are read anew, because the rules by which they are read have become better.

use super::{
    NewRecipe, Newest, RootId,
    intern::{Interned, joined},
    json_list,
    packed::saturated,
    params,
    recipes::Recipes,
    writing::Writing,
};
use crate::{Result, Store};
use domain::WorkflowHash;
use sqlx::Row;
use std::sync::Arc;

/// How far the recipes of a root's files were read by which rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RulesOf {
    /// The number of the rules; 0 for those from before they had numbers.
    pub rules: u32,
    /// The last asset that was read by them; nothing if all were.
    pub up_to: Option<u32>,
}

/// A file whose recipe is to be read anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeFile {
    /// Its asset.
    pub seq: u32,
    /// Its path below the root.
    pub path: Vec<u8>,
    /// The file's size when it was read.
    pub bytes: u64,
    /// When the file was last written then, in nanoseconds since 1970.
    pub mtime: Option<i64>,
    /// Of a job's output its workflow, and the node that made it.
    pub made: Option<(WorkflowHash, String)>,
}

impl Store {
    /// By which rules the recipes of a root's files were read.
    pub async fn recipe_rules(&self, root: RootId) -> Result<RulesOf> {
        let found = sqlx::query("SELECT rules, up_to FROM recipe_rules WHERE root = ?")
            .bind(root.0)
            .fetch_optional(&self.read)
            .await?;
        let Some(row) = found else { return Ok(RulesOf { rules: 0, up_to: None }) };
        let up_to: Option<i64> = row.try_get("up_to")?;
        Ok(RulesOf { rules: saturated(row.try_get("rules")?), up_to: up_to.map(saturated) })
    }

    /// Remembers by which rules the recipes of a root's files were read.
    pub async fn set_recipe_rules(&self, root: RootId, of: RulesOf) -> Result<()> {
        sqlx::query(
            "INSERT INTO recipe_rules (root, rules, up_to) VALUES (?, ?, ?)
            ON CONFLICT (root) DO UPDATE SET rules = excluded.rules, up_to = excluded.up_to",
        )
        .bind(root.0)
        .bind(of.rules)
        .bind(of.up_to)
        .execute(&self.write)
        .await?;
        Ok(())
    }

    /// Files below a root that were there when they were last looked for, in the order of their assets,
    /// behind `after`; `unknown` says to leave out those whose workflow is known.
    pub async fn recipe_files(
        &self,
        root: RootId,
        after: u32,
        limit: u32,
        unknown: bool,
    ) -> Result<Vec<RecipeFile>> {
        // In this order: sorted by places, all of them would be read each time.
        let found = sqlx::query(
            "SELECT seq, folder.path AS folder, place.name, place.bytes, place.mtime,
                recipe.workflow, iif(job_id IS NULL, NULL, node_id) AS node
            FROM asset CROSS JOIN place ON place.asset = seq AND NOT place.missing
                JOIN folder ON folder.id = place.folder AND NOT folder.away
                LEFT JOIN recipe ON recipe.id = asset.recipe
            WHERE seq > ? AND folder.root = ? AND (recipe.workflow IS NULL OR NOT ?)
            ORDER BY seq LIMIT ?",
        )
        .bind(after)
        .bind(root.0)
        .bind(unknown)
        .bind(limit)
        .fetch_all(&self.read)
        .await?;
        let file = |row: &sqlx::sqlite::SqliteRow| -> Result<RecipeFile> {
            let workflow: Option<String> = row.try_get("workflow")?;
            let node: Option<String> = row.try_get("node")?;
            Ok(RecipeFile {
                seq: saturated(row.try_get("seq")?),
                path: joined(row.try_get("folder")?, row.try_get("name")?),
                bytes: row.try_get::<i64, _>("bytes")?.unsigned_abs(),
                mtime: row.try_get("mtime")?,
                made: workflow.map(WorkflowHash).zip(node),
            })
        };
        found.iter().map(file).collect()
    }

    /// Gives assets other recipes, all or nothing. Those that no asset has any more are deleted.
    pub async fn set_recipes(&self, recipes: &[(u32, Arc<NewRecipe>)]) -> Result<()> {
        let mut tx = self.write.begin().await?;
        let seqs = json_list(recipes.iter().map(|(seq, _)| seq));
        let mut before: Vec<i64> = sqlx::query_scalar(
            "SELECT DISTINCT recipe FROM asset
            WHERE recipe IS NOT NULL AND seq IN (SELECT value FROM json_each(?)) ORDER BY recipe",
        )
        .bind(seqs)
        .fetch_all(&mut *tx)
        .await?;
        let mut put = Recipes::after(Newest::read(&mut tx).await?);
        let mut interned = Interned::default();
        let mut writing = Writing::new(&mut tx);
        let new: Vec<&NewRecipe> = recipes.iter().map(|(_, recipe)| &**recipe).collect();
        put.put(&mut writing, &mut interned, &new).await?;
        interned.finish(&mut writing).await?;
        writing.finish().await?;
        for (seq, recipe) in recipes {
            let id = put.id(recipe);
            sqlx::query("UPDATE asset SET recipe = ?1 WHERE seq = ?2 AND recipe IS NOT ?1")
                .bind(id)
                .bind(seq)
                .execute(&mut *tx)
                .await?;
            before.retain(|before| Some(*before) != id);
        }
        params::prune(&mut tx, &before).await?;
        Ok(tx.commit().await?)
    }
}
