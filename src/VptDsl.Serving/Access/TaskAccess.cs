using Microsoft.AspNetCore.Authorization;

namespace VptDsl.Serving.Access;

/// <summary>The right to ask a task, whose name is the resource.</summary>
internal sealed class TaskAccess : AuthorizationHandler<TaskAccess, string>, IAuthorizationRequirement
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, TaskAccess requirement, string resource)
    {
        if (context.User.FindAll(ApiKeyAuthentication.TasksClaim).Any(claim => ApiKey.Matches(claim.Value, resource)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
