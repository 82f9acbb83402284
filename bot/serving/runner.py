"""Runs Rasa's graph of components directly: for each prediction, only what it needs, in order."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class DirectRunner(GraphRunner):
    """A graph runner that works out the order once for each target.

    Rasa's own builds a new graph and hands it to dask for every prediction.
    """

    def __init__(self, schema: GraphSchema, nodes: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._instantiated_nodes = nodes
        self._orders: dict[str, tuple[str, ...]] = {}

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> DirectRunner:
        """Load every component of the graph."""
        nodes = DaskGraphRunner._instantiate_nodes(
            graph_schema, model_storage, execution_context, hooks
        )
        return cls(graph_schema, nodes)

    @classmethod
    def in_place_of(cls, runner: GraphRunner) -> DirectRunner:
        """A runner of the components that Rasa's own runner has loaded."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The results of `targets` (default: the schema's), from `inputs` by name."""
        wanted = targets or self._schema.target_names
        results = {name: (name, value) for name, value in (inputs or {}).items()}
        for target in wanted:
            if target not in self._orders:
                self._orders[target] = self._order(target)
            for name in self._orders[target]:
                if name not in results:
                    needs = self._schema.nodes[name].needs.values()
                    results[name] = self._instantiated_nodes[name](
                        *(results[need] for need in needs)
                    )
        return {target: results[target][1] for target in wanted}

    def _order(self, target: str) -> tuple[str, ...]:
        """What a target needs, each after what it needs itself; the target last."""
        order: dict[str, None] = {}

        def visit(name: str) -> None:
            if name in self._schema.nodes and name not in order:
                for need in self._schema.nodes[name].needs.values():
                    visit(need)
                order[name] = None

        visit(target)
        return tuple(order)
